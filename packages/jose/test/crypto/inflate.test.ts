/** DEFLATE undone, held against zlib. */
import { constants, deflateRawSync, inflateRawSync } from 'node:zlib'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { deflate } from '../../src/crypto/deflate.ts'
import { inflate } from '../../src/crypto/inflate.ts'
import { outcomeOf, refusal } from '../outcome.ts'
import { fromHex } from '../vectors.ts'

const limit = 262_144
const plain = (bytes: Uint8Array | undefined): string | undefined =>
  bytes === undefined ? undefined : Buffer.from(bytes).toString('base64')

/** Text that repeats itself, as claims do, beside octets that do not. */
const content = fc.oneof(
  fc.uint8Array({ maxLength: 2000 }),
  fc
    .string({ unit: fc.constantFrom('a', 'b', '"sub":', '{', '}'), maxLength: 2000 })
    .map((text) => Buffer.from(text)),
  fc
    .tuple(fc.uint8Array({ minLength: 1, maxLength: 40 }), fc.nat(400))
    .map(([part, times]) => Buffer.concat(Array.from({ length: times + 1 }, () => part))),
)

/** What zlib makes of it: the octets, or nothing for an error or for octets that are left over. */
function byZlib(bytes: Uint8Array): Uint8Array | undefined {
  try {
    const found = inflateRawSync(bytes, { maxOutputLength: limit, info: true }) as unknown as {
      buffer: Buffer
      engine: { bytesWritten: number }
    }
    return found.engine.bytesWritten === bytes.length ? found.buffer : undefined
  } catch {
    return undefined
  }
}

describe('inflate', () => {
  test.each([0, 1, 6, 9])('undoes what zlib made at level %s', (level) => {
    fc.assert(
      fc.property(content, (bytes) => {
        expect(plain(inflate(deflateRawSync(bytes, { level }), limit))).toBe(plain(bytes))
      }),
      { numRuns: 150 },
    )
  })

  test('undoes every kind of block: stored, fixed and dynamic codes, Huffman alone, runs', () => {
    const bytes = Buffer.from('{"sub":"a","roles":["x","y","x"]}'.repeat(50))
    for (const strategy of [
      constants.Z_DEFAULT_STRATEGY,
      constants.Z_FIXED,
      constants.Z_HUFFMAN_ONLY,
      constants.Z_RLE,
    ])
      expect(plain(inflate(deflateRawSync(bytes, { strategy }), limit))).toBe(plain(bytes))
  })

  test('undoes what the runtime’s own stream made', async () => {
    for (const text of ['', 'a', 'abc'.repeat(5000)]) {
      const bytes = new TextEncoder().encode(text)
      expect(plain(inflate(await deflate(bytes), limit))).toBe(plain(bytes))
    }
  })

  test('takes any octets as zlib does, and never throws', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 60 }), (bytes) => {
        expect(plain(inflate(bytes, limit))).toBe(plain(byZlib(bytes)))
      }),
      { numRuns: 3000 },
    )
  })

  test('takes a changed stream as zlib does', () => {
    fc.assert(
      fc.property(content, fc.nat(), fc.nat(7), (bytes, place, bit) => {
        const changed = Uint8Array.from(deflateRawSync(bytes))
        const at = place % Math.min(changed.length, 100)
        changed[at] = (changed[at] ?? 0) ^ (1 << bit)
        let mine: Uint8Array | undefined
        // A changed length can make more than the limit: zlib calls that an error too.
        expect(['accepted', 'too_large']).toContain(outcomeOf(() => (mine = inflate(changed, limit))))
        expect(plain(mine)).toBe(plain(byZlib(changed)))
      }),
      { numRuns: 1500 },
    )
  })

  test('refuses a stream that is cut off anywhere, or followed by anything', () => {
    const whole = deflateRawSync(Buffer.from('{"sub":"a","name":"abcabcabcabc","list":[1,2,3]}'))
    for (let length = 0; length < whole.length; length += 1)
      expect(inflate(whole.subarray(0, length), limit)).toBeUndefined()
    for (const more of [0, 1, 255])
      expect(inflate(Buffer.concat([whole, Buffer.of(more)]), limit)).toBeUndefined()
  })

  test.each([
    ['a block of the fourth kind', '07'],
    ['a stored length without its complement', '0101000000'],
    ['a stored block that is longer than the input', '010500faff6162'],
    ['a distance before the beginning', '4b04080000'],
    ['a code with more members than bits', '05e0010000000000'],
    ['a repeated length with nothing before it', '05c00100000000'],
    ['more literals than there are', 'fdff0000000000'],
  ])('refuses %s', (_name, hex) => {
    expect(inflate(fromHex(hex), limit)).toBeUndefined()
  })

  test('stops at the bound, whatever follows', () => {
    const bomb = deflateRawSync(Buffer.alloc(1_000_000))
    expect(refusal(() => inflate(bomb, limit)).code).toBe('too_large')
    expect(refusal(() => inflate(bomb.subarray(0, 300), limit)).code).toBe('too_large')
    expect(inflate(deflateRawSync(Buffer.alloc(limit)), limit)).toHaveLength(limit)
    expect(outcomeOf(() => inflate(deflateRawSync(Buffer.alloc(limit + 1)), limit))).toBe('too_large')
    expect(inflate(deflateRawSync(Buffer.alloc(0)), 0)).toHaveLength(0)
  })

  test('reads the longest token of empty blocks to its end', () => {
    const empty = Buffer.concat([
      ...Array.from({ length: 13_000 }, () => fromHex('000000ffff')),
      fromHex('0300'),
    ])
    expect(inflate(empty, limit)).toHaveLength(0)
  })
})
