/**
 * The folder of third-party vectors, read where it is present: `TESSERA_VECTORS`, or `../shared/vectors` beside the
 * repository. Where it is absent, one test per file says how many vectors were left out.
 */
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'

const beside = fileURLToPath(new URL('../../../../shared/vectors', import.meta.url))
const folder = process.env['TESSERA_VECTORS'] ?? beside

/**
 * Describes the tests of one vector file.
 *
 * @param path - below the folder, such as `rfc/rfc7515.json`
 * @param usualCount - the vectors that the file holds, for the line that says how many were left out
 */
export function describeVectors<T>(path: string, usualCount: number, body: (vectors: T) => void): void {
  const file = join(folder, path)
  if (existsSync(file)) return describe(path, () => body(JSON.parse(readFileSync(file, 'utf8')) as T))
  test(`${path}: ${usualCount} vectors left out, because the folder of vectors is absent`, () => {
    console.log(`${usualCount} vectors of ${path} left out`)
    expect(existsSync(file)).toBe(false)
  })
}

/** The bytes of hexadecimal text. */
export function fromHex(text: string): Uint8Array {
  return new Uint8Array(Buffer.from(text, 'hex'))
}

/** One entry of `rfc/*.json`. */
export interface RfcVector {
  readonly name: string
  readonly kind: string
  readonly input: Readonly<Record<string, unknown>>
  readonly key: unknown
  readonly expected: Readonly<Record<string, unknown>>
}

/** A file of Wycheproof. */
export interface Wycheproof<Group> {
  readonly testGroups: readonly Group[]
}
