import { runInNewContext } from 'node:vm'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { copyBytes, decodeHex, equalBytes, isBytes } from '../../src/encoding/bytes.ts'

describe('isBytes', () => {
  test('knows a Uint8Array, a Buffer, and a Uint8Array of another realm (T61)', () => {
    expect(isBytes(new Uint8Array(2))).toBe(true)
    expect(isBytes(Buffer.from('ab'))).toBe(true)
    expect(isBytes(runInNewContext('new Uint8Array(2)'))).toBe(true)
  })

  test.each([
    ['an ArrayBuffer', new ArrayBuffer(2)],
    ['a DataView', new DataView(new ArrayBuffer(2))],
    ['other views', new Uint16Array(2)],
    ['clamped bytes', new Uint8ClampedArray(2)],
    ['an array', [1, 2]],
    ['text', 'ab'],
    ['null', null],
    ['an object that says it is one', { [Symbol.toStringTag]: 'Uint8Array', length: 2 }],
  ])('does not take %s for bytes', (_name, value) => {
    expect(isBytes(value)).toBe(false)
  })
})

describe('copyBytes', () => {
  test('is not changed by later writes to the original', () => {
    const original = Uint8Array.of(1, 2, 3)
    const copy = copyBytes(original)
    original.fill(9)
    expect(copy).toEqual(Uint8Array.of(1, 2, 3))
  })

  test('is a plain Uint8Array of exactly the bytes of a view', () => {
    const copy = copyBytes(Buffer.from('abcdef').subarray(2, 4))
    expect(Object.getPrototypeOf(copy)).toBe(Uint8Array.prototype)
    expect(copy?.buffer.byteLength).toBe(2)
  })

  test('of a view that no longer lies in its buffer is undefined (T63)', () => {
    const gone = new Uint8Array(8)
    structuredClone(gone.buffer, { transfer: [gone.buffer] })
    expect(copyBytes(gone)).toBeUndefined()
  })
})

test('equalBytes agrees with Buffer.equals for bytes that are equal, nearly equal and of other lengths', () => {
  const pair = fc.uint8Array({ maxLength: 40 }).chain((a) =>
    fc.tuple(
      fc.constant(a),
      fc.oneof(
        fc.constant(Uint8Array.from(a)),
        fc.uint8Array({ maxLength: 40 }),
        fc
          .nat(Math.max(0, a.length - 1))
          .map((at) => a.map((byte, index) => (index === at ? byte ^ 1 : byte))),
      ),
    ),
  )
  fc.assert(
    fc.property(pair, ([a, b]) => {
      expect(equalBytes(a, b)).toBe(Buffer.from(a).equals(b))
    }),
  )
})

describe('decodeHex', () => {
  test('reads either case', () => {
    expect([...decodeHex('00ffAb')!]).toEqual([0, 255, 171])
    expect(decodeHex('')).toHaveLength(0)
  })

  test.each(['0', 'abc', '0x00', 'gg', '00 11', '00\n', '٠٠'])('refuses %j', (text) => {
    expect(decodeHex(text)).toBeUndefined()
  })
})
