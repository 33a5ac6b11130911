/**
 * Whether a new password was stolen elsewhere (NIST SP 800-63B-4 §3.1.1.2), asked of a service that does not learn it: it gets
 * the first five of the forty digits of its SHA-1 digest and answers with every digest that begins so (k-anonymity). The
 * answer is padded, so that its length tells nobody on the way which range it was.
 *
 * Who cannot be asked must not keep anybody from an account: what goes wrong is a line in the log and a figure, and the
 * password passes, as every one did that the rules of this server alone accept.
 */
import { createHash } from 'node:crypto'
import type { Log } from '../config/server-config.ts'

export interface BreachedPasswords {
  /** Whether the password is known to be stolen. False where nobody knows, and where nobody is asked. */
  has(password: string): Promise<boolean>
  /** How many passwords were looked up, by what came of it. */
  counts(): Iterable<readonly [string, number]>
}

export interface BreachedPasswordsOptions {
  /** What five digits are put behind. Undefined: nobody is asked. */
  readonly address: string | undefined
  readonly log: Log
  /** How long an answer may take, in milliseconds. Default 1500. */
  readonly timeoutMs?: number
  /** How many may be asked for at once; what comes beyond is not looked up. Default 16. */
  readonly concurrency?: number
}

/** Padded ranges have up to about forty kilobytes. */
const mostBytes = 262_144

export const noBreachedPasswords: BreachedPasswords = { has: async () => false, counts: () => [] }

export function createBreachedPasswords(options: BreachedPasswordsOptions): BreachedPasswords {
  const { address, log, timeoutMs = 1500, concurrency = 16 } = options
  if (address === undefined) return noBreachedPasswords
  const counts = { clean: 0, breached: 0, failed: 0 }
  let asking = 0
  const look = async (password: string): Promise<boolean> => {
    if (asking >= concurrency) throw new Error('too many passwords are being looked up')
    asking += 1
    try {
      const digest = createHash('sha1').update(password).digest('hex').toUpperCase()
      const range = await readRange(`${address}${digest.slice(0, 5)}`, timeoutMs)
      return isListed(range, digest.slice(5))
    } finally {
      asking -= 1
    }
  }
  return {
    has: async (password) => {
      try {
        const isBreached = await look(password)
        counts[isBreached ? 'breached' : 'clean'] += 1
        return isBreached
      } catch (error) {
        counts.failed += 1
        log.warn(
          { err: reasonOf(error) },
          'a new password could not be looked up among stolen ones: it passes',
        )
        return false
      }
    },
    counts: () => Object.entries(counts),
  }
}

async function readRange(url: string, timeoutMs: number): Promise<string> {
  const response = await fetch(url, {
    headers: { 'add-padding': 'true', 'user-agent': 'tessera' },
    // Nobody else is asked than whom the operator named.
    redirect: 'error',
    signal: AbortSignal.timeout(timeoutMs),
  })
  if (response.status !== 200) {
    await response.body?.cancel()
    throw new Error(`the service answered ${response.status}`)
  }
  const parts: Uint8Array[] = []
  let bytes = 0
  for await (const part of response.body ?? []) {
    bytes += part.length
    if (bytes > mostBytes) throw new Error(`the service answered with more than ${mostBytes} bytes`)
    parts.push(part)
  }
  return Buffer.concat(parts).toString('latin1')
}

const line = /^([0-9A-F]{35}):(\d{1,10})$/i

/** Lines that only pad have a count of 0. */
function isListed(range: string, rest: string): boolean {
  const entries = range.split(/\r?\n/).filter((text) => text !== '')
  // A page that something in between put in the place of the answer says nothing about any password.
  const read = entries.map((text) => line.exec(text) ?? refuse())
  return read.some(([, digits = '', count = '0']) => digits.toUpperCase() === rest && Number(count) > 0)
}

function refuse(): never {
  throw new Error('the service answered with something else than a range of digests')
}

/** What a person can act on, without the address of the range. */
function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return typeof error
  const { cause } = error
  const code = typeof cause === 'object' && cause !== null ? (cause as { code?: unknown }).code : undefined
  return error.name === 'TimeoutError' ? 'no answer in time' : typeof code === 'string' ? code : error.message
}
