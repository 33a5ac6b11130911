/** Published vectors, where the folder of them is at hand (`conformance/README.md`). */
import { existsSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { findVectors, readVectors } from '../../../../conformance/vectors.js'

const { directory, found } = findVectors(undefined)

/** The content of a vector file. */
export function readVectorFile<T>(name: string): T {
  return readVectors(directory, name) as T
}

/** Runs tests on vector files, or says in the run that they were left out. */
export function withVectors(what: string, define: () => void): void {
  describe.runIf(found)(`vectors of ${what}`, () => {
    // The body of a suite runs even where its tests do not, and there is nothing to read then.
    if (found) define()
  })
  test(`${what}: ${found ? 'run' : 'left out, the folder of vectors is not at hand'}`, () => {
    expect(existsSync(directory)).toBe(found)
  })
}

export const hex = (text: string): Uint8Array => new Uint8Array(Buffer.from(text, 'hex'))
export const toHex = (bytes: Uint8Array | undefined): string | undefined =>
  bytes === undefined ? undefined : Buffer.from(bytes).toString('hex')
export const utf8 = (bytes: Uint8Array): string => Buffer.from(bytes).toString('utf8')
