/** The alarm of a refresh token whose secret is registered nowhere (P6). */
import type { Log } from '../config/server-config.ts'

/** Tells that there was one more. */
export type UnknownSecretAlarm = (kid: string) => void

const silenceMs = 60_000

/**
 * A line at once, then one a minute at most, with how many there were since: a token that somebody made up is enough for an
 * alarm, and nobody shall fill the log with them. Metrics count each of them.
 *
 * @param monotonicMs a clock that never jumps
 */
export function createUnknownSecretAlarm(log: Log, monotonicMs: () => number): UnknownSecretAlarm {
  let silentUntilMs = -Infinity
  let count = 0
  return (kid) => {
    count += 1
    const atMs = monotonicMs()
    if (atMs < silentUntilMs) return
    log.error({ kid, count }, 'a refresh token names a server secret that is not registered')
    silentUntilMs = atMs + silenceMs
    count = 0
  }
}
