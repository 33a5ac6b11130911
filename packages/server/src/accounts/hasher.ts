/**
 * Passwords in a bounded pool: hashed with Argon2id (RFC 9106), verified with what is stored. Each hash takes a core for
 * milliseconds and 19 MiB.
 */
import { randomBytes } from 'node:crypto'
import { hash } from '@node-rs/argon2'
import type { HashParameters } from '../config/hash-parameters.ts'
import { leastHashParameters } from '../config/hash-parameters.ts'
import type { HashPoolOptions, HashTurn } from './hash-pool.ts'
import { createHashPool } from './hash-pool.ts'
import { parseStoredHash } from './stored-hash.ts'

/** Argon2's own name for Argon2id; its enum exists in types only. */
const argon2id = 2

export interface Hasher {
  /** A PHC string with a new salt. @throws {HasherBusy} */
  hash(password: string, turn?: HashTurn): Promise<string>
  /** Whether the password is the one of this PHC string. @throws {HasherBusy} */
  verify(phc: string, password: string, turn?: HashTurn): Promise<boolean>
  /**
   * The same work as `verify` for an account that does not exist.
   *
   * @param decoy A hash of the kind that the account would have. Default our own.
   * @throws {HasherBusy}
   */
  verifyNothing(password: string, decoy?: string, turn?: HashTurn): Promise<false>
  /** Says no before anything else has been spent on an attempt. @throws {HasherBusy} */
  expectRoom(turn: HashTurn): void
  /** Whether a hash was made by another algorithm or with other parameters than those in force. */
  isOutdated(phc: string): boolean
}

export interface HasherOptions extends HashPoolOptions {
  /** Default the least that a server takes. */
  readonly parameters?: HashParameters
}

export function createHasher(options: HasherOptions = {}): Hasher {
  const { parameters = leastHashParameters } = options
  const { run, expectRoom } = createHashPool(options)
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
    expectRoom,
    hash: (password, turn) => run(() => hash(password, argon2Options), turn),
    verify: (phc, password, turn) => run(() => verify(phc, password), turn),
    verifyNothing: (password, decoy = nobody, turn) =>
      run(async () => {
        await verify(decoy, password)
        return false as const
      }, turn),
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
