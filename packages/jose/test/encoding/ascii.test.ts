import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { createTextBuffer, portableTextBuffer } from '../../src/encoding/ascii.ts'

describe.each([
  ['of this runtime', createTextBuffer],
  ['without Node', (size: number) => portableTextBuffer(new Uint8Array(size))],
])('the text buffer %s', (_name, create) => {
  test('writes ASCII where it is told to and reads it back', () => {
    const buffer = create(16)
    expect(buffer.writeAscii('abc', 0)).toBe(true)
    expect(buffer.writeAscii('d', 3)).toBe(true)
    expect(buffer.readAscii(4)).toBe('abcd')
  })

  test.each([
    ['a character that latin1 would fold into an ASCII letter', '\u0141'],
    ['a character of two octets', 'é'],
    ['half of a surrogate pair', '\ud800'],
  ])('says no to %s', (_kind, text) => {
    expect(create(16).writeAscii(`a${text}`, 0)).toBe(false)
  })

  test('says no to text that does not fit', () => {
    expect(create(3).writeAscii('abcd', 0)).toBe(false)
  })
})

test('both buffers hold the same octets after any writing', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 30 }), fc.nat({ max: 8 }), (text, at) => {
      const [native, portable] = [createTextBuffer(128), portableTextBuffer(new Uint8Array(128))]
      expect(portable.writeAscii(text, at)).toBe(native.writeAscii(text, at))
      expect(portable.writeUtf8(text)).toBe(native.writeUtf8(text))
      expect(Uint8Array.from(portable.bytes)).toEqual(Uint8Array.from(native.bytes))
    }),
  )
})

test('both buffers write latin1 alike', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 64 }), (octets) => {
      const text = String.fromCharCode(...octets)
      const [native, portable] = [createTextBuffer(80), portableTextBuffer(new Uint8Array(80))]
      native.writeLatin1(text, 3)
      portable.writeLatin1(text, 3)
      expect(Uint8Array.from(portable.bytes)).toEqual(Uint8Array.from(native.bytes))
    }),
  )
})
