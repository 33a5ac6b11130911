/**
 * Passwords in a bounded pool: hashed with Argon2id (RFC 9106), verified with what is stored. Each hash takes a core for milliseconds and 19 MiB: as many run at once as
 * there are cores, some wait a short while, and the rest is told to come back. What has waited too long is dropped
 * before it is hashed, because nobody is waiting for it any more.
 */
import { randomBytes } from 'node:crypto'
import { availableParallelism } from 'node:os'
import { hash } from '@node-rs/argon2'
import { parseStoredHash } from './stored-hash.ts'

export interface HashParameters {
  readonly memoryKib: number
  readonly passes: number
  readonly lanes: number
}

/** OWASP's second choice, and the DESIGN's: 19 MiB, two passes, one lane. */
const defaultHashParameters: HashParameters = { memoryKib: 19_456, passes: 2, lanes: 1 }

/** Argon2's own name for Argon2id; its enum exists in types only. */
const argon2id = 2

export interface Hasher {
  /** A PHC string with a new salt. @throws {HasherBusy} */
  hash(password: string): Promise<string>
  /** Whether the password is the one of this PHC string. @throws {HasherBusy} */
  verify(phc: string, password: string): Promise<boolean>
  /**
   * The same work as `verify` for an account that does not exist.
   *
   * @param decoy A hash of the kind that the account would have. Default our own.
   * @throws {HasherBusy}
   */
  verifyNothing(password: string, decoy?: string): Promise<false>
  /** Whether a hash was made by another algorithm or with other parameters than those in force. */
  isOutdated(phc: string): boolean
}

/** Too many passwords are being hashed. Nothing was done. */
export class HasherBusy extends Error {
  override readonly name = 'HasherBusy'
}

export interface HasherOptions {
  readonly parameters?: HashParameters
  /** Hashes at once. Default the number of cores. */
  readonly concurrency?: number
  /** How many may wait. Default 128. */
  readonly queueLimit?: number
  /** How long one may wait, in milliseconds. Default 4000. */
  readonly queueMs?: number
}

export function createHasher(options: HasherOptions = {}): Hasher {
  const { parameters = defaultHashParameters } = options
  const run = createPool(options)
  const argon2Options = {
    algorithm: argon2id,
    memoryCost: parameters.memoryKib,
    timeCost: parameters.passes,
    parallelism: parameters.lanes,
  }
  const kind = `argon2id m=${parameters.memoryKib},t=${parameters.passes},p=${parameters.lanes}`
  // A hash that no password has: comparing with it costs what comparing with a real one costs.
  const nobody = `$argon2id$v=19$m=${parameters.memoryKib},t=${parameters.passes},p=${parameters.lanes}$${unpadded(16)}$${unpadded(32)}`
  return {
    hash: (password) => run(() => hash(password, argon2Options)),
    verify: (phc, password) => run(() => verify(phc, password)),
    verifyNothing: (password, decoy = nobody) =>
      run(async () => {
        await verify(decoy, password)
        return false as const
      }),
    isOutdated: (phc) => {
      const parsed = parseStoredHash(phc)
      return !parsed.ok || parsed.hash.kind !== kind
    },
  }
}

/** A hash that cannot be read is of an account that nobody can sign in to. */
async function verify(phc: string, password: string): Promise<boolean> {
  const parsed = parseStoredHash(phc)
  return parsed.ok && parsed.hash.verify(password)
}

/** Random bytes in the unpadded base64 of PHC strings. */
function unpadded(bytes: number): string {
  return randomBytes(bytes).toString('base64').replace(/=+$/, '')
}

type Run = <Result>(work: () => Promise<Result>) => Promise<Result>

function createPool({
  concurrency = availableParallelism(),
  queueLimit = 128,
  queueMs = 4000,
}: HasherOptions): Run {
  const waiting: { readonly since: number; readonly start: () => void; readonly drop: () => void }[] = []
  let running = 0

  const startNext = (): void => {
    for (;;) {
      const next = waiting.shift()
      if (next === undefined) return
      if (performance.now() - next.since > queueMs) next.drop()
      else return next.start()
    }
  }
  const turn = (): Promise<void> => {
    if (running < concurrency) {
      // Counted here and not after the promise: calls of one tick must see each other.
      running += 1
      return Promise.resolve()
    }
    if (waiting.length >= queueLimit) return Promise.reject(new HasherBusy('the queue of passwords is full'))
    return new Promise((start, reject) => {
      const drop = (): void => reject(new HasherBusy('the password waited too long for its turn'))
      const take = (): void => {
        running += 1
        start()
      }
      waiting.push({ since: performance.now(), start: take, drop })
    })
  }
  return async (work) => {
    await turn()
    try {
      return await work()
    } finally {
      running -= 1
      startNext()
    }
  }
}
