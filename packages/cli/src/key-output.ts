/** Keys on their way out: a file that its owner alone can read, and what never leaves in a JWK Set. */
import { writeFile } from 'node:fs/promises'
import { CliFault } from './fault.ts'

/** Writes a new file that only its owner can read. @throws {CliFault} when it is there already, or cannot be written */
export async function writeKeyFile(path: string, text: string): Promise<void> {
  try {
    await writeFile(path, text, { mode: 0o600, flag: 'wx' })
  } catch (error) {
    const { code } = error as { code?: string }
    const reason =
      code === 'EEXIST' ? 'it is there already, and is not overwritten' : (code ?? 'unknown reason')
    throw new CliFault('usage', `cannot write the key to ${path}: ${reason}`)
  }
}

/** @param option - what asked for the set */
export function secretInSet(option: string): CliFault {
  return new CliFault('usage', `${option}: expected an algorithm of key pairs, got one of shared secrets`, {
    hint: 'A JWK Set is for publishing; a secret never stands in one.',
  })
}
