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

/** What a vector file holds, and why it cannot be run here, if it cannot. */
interface VectorFile {
  /** Below the folder, such as `rfc/rfc7515.json`. */
  readonly path: string
  readonly count: number
  readonly reason?: string | undefined
}

/** Describes the tests of one vector file; where it cannot be read, one test that says how many were left out. */
export function describeVectors<T>({ path, count, reason }: VectorFile, body: (vectors: T) => void): void {
  const file = join(folder, path)
  const why = reason ?? (existsSync(file) ? undefined : 'the folder of vectors is absent')
  describe(`${path}`, () => {
    if (why === undefined) body(JSON.parse(readFileSync(file, 'utf8')) as T)
    else leftOut(`${count} vectors left out: ${why}`)
  })
}

function leftOut(text: string): void {
  test(`${text}`, () => {
    console.log(text)
    expect(text).not.toBe('')
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
