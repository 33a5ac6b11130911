/** `createChore`: work that is done over and over beside the requests, and what the log learns of its failures. */
import type { Log } from '../config/server-config.ts'

/** Faults of one failure that are told apart; more of them are one failure all the same. */
const mostFaults = 8

/**
 * Makes work that never rejects. A failure that goes on, as that of an outage or of a database that was handed over, is a line
 * when it begins, one for each other fault that shows meanwhile, and one when it is over.
 */
export function createChore(log: Log, name: string, work: () => Promise<void>): () => Promise<void> {
  let failures = 0
  const told = new Set<string>()
  const fail = (error: unknown): void => {
    failures += 1
    const err = String(error)
    if (told.has(err) || told.size === mostFaults) return
    told.add(err)
    log.warn({ err }, `${name} failed: it will be tried again`)
  }
  return async () => {
    try {
      await work()
    } catch (error) {
      return fail(error)
    }
    if (failures === 0) return
    log.info({ failures }, `${name} works again`)
    failures = 0
    told.clear()
  }
}
