import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { BIT_STRING, INTEGER, OCTET_STRING, SEQUENCE } from '../../src/encoding/der.ts'
import {
  createDerReader,
  type DerReader,
  readBits,
  readCount,
  readOid,
  readUnsigned,
} from '../../src/encoding/der-reader.ts'
import { writeBits, writeDer, writeOid, writeUnsigned } from '../../src/encoding/der-writer.ts'
import { outcomeOf, refusal } from '../outcome.ts'

const reader = (...octets: number[]): DerReader => createDerReader(Uint8Array.from(octets), 'test')

describe('a reader of DER', () => {
  test('goes from element to element, and into them', () => {
    const outer = reader(SEQUENCE, 8, INTEGER, 1, 5, SEQUENCE, 3, OCTET_STRING, 1, 9).open()
    expect(outer.tags()).toEqual([INTEGER, SEQUENCE])
    expect(outer.has(INTEGER)).toBe(true)
    expect(outer.has(SEQUENCE)).toBe(false)
    expect([...outer.read(INTEGER)]).toEqual([5])
    const inner = outer.open()
    expect([...inner.read(OCTET_STRING)]).toEqual([9])
    expect(outcomeOf(() => inner.close())).toBe('accepted')
    expect(outcomeOf(() => outer.close())).toBe('accepted')
  })

  test('hands out an element whole', () => {
    expect([...reader(SEQUENCE, 1, 7, 0, 0).readWhole()]).toEqual([SEQUENCE, 1, 7])
  })

  test.each([
    ['an indefinite length (BER)', [SEQUENCE, 0x80, 0, 0]],
    ['a length past the end', [SEQUENCE, 2, 0]],
    ['a length that breaks off', [SEQUENCE, 0x82, 1]],
    ['a length of four octets', [SEQUENCE, 0x84, 0, 0, 0, 1, 0]],
    ['a short length in the long form', [SEQUENCE, 0x81, 1, 0]],
    ['a length with a zero in front', [SEQUENCE, 0x82, 0, 1, 0]],
    ['a tag alone', [SEQUENCE]],
    ['nothing', []],
    ['another tag', [OCTET_STRING, 0]],
  ])('refuses %s', (_name, octets) => {
    expect(outcomeOf(() => reader(...octets).open())).toBe('key_invalid')
  })

  test('refuses what is left over, and says what it expected and what it got', () => {
    expect(refusal(() => reader(5, 0).close()).message).toBe('test: expected its end, got more')
    expect(refusal(() => reader(5, 0).open()).message).toBe('test: expected SEQUENCE, got NULL')
    expect(refusal(() => reader(0xa0, 0).read(INTEGER)).message).toBe('test: expected INTEGER, got tag 0xa0')
    expect(refusal(() => reader().read(INTEGER)).message).toBe('test: expected INTEGER, got nothing')
  })

  test('ends with one of our errors or none, whatever the bytes', () => {
    const walk = (inner: DerReader, depth: number): void => {
      for (const tag of inner.tags()) {
        if (tag === SEQUENCE && depth < 8) walk(inner.open(), depth + 1)
        else inner.read(tag)
      }
    }
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 60 }), (octets) => {
        expect(['accepted', 'key_invalid']).toContain(
          outcomeOf(() => walk(createDerReader(writeDer(SEQUENCE, octets), 'test').open(), 0)),
        )
      }),
      { numRuns: 2000 },
    )
  })
})

describe('readUnsigned', () => {
  test.each([
    ['zero', [INTEGER, 1, 0], [0]],
    ['one octet', [INTEGER, 1, 0x7f], [0x7f]],
    ['a high bit behind a zero', [INTEGER, 2, 0, 0x80], [0x80]],
  ])('reads %s', (_name, octets, number) => {
    expect([...readUnsigned(reader(...octets), 'test')]).toEqual(number)
  })

  test.each([
    ['a negative number', [INTEGER, 1, 0x80]],
    ['a superfluous zero', [INTEGER, 2, 0, 1]],
    ['no octets', [INTEGER, 0]],
  ])('refuses %s', (_name, octets) => {
    expect(outcomeOf(() => readUnsigned(reader(...octets), 'test'))).toBe('key_invalid')
  })
})

test('readCount reads numbers below 2^32', () => {
  expect(readCount(reader(INTEGER, 5, 0, 0xff, 0xff, 0xff, 0xff), 'test')).toBe(2 ** 32 - 1)
  expect(outcomeOf(() => readCount(reader(INTEGER, 5, 1, 0, 0, 0, 0), 'test'))).toBe('key_invalid')
})

test('readBits takes whole octets only', () => {
  expect([...readBits(reader(BIT_STRING, 3, 0, 1, 2), 'test')]).toEqual([1, 2])
  expect(outcomeOf(() => readBits(reader(BIT_STRING, 2, 4, 0xf0), 'test'))).toBe('key_invalid')
  expect(outcomeOf(() => readBits(reader(BIT_STRING, 0), 'test'))).toBe('key_invalid')
})

test.each(['1.2.840.113549.1.1.1', '1.3.101.112', '2.16.840.1.101.3.4.3.17', '1.3.132.0.34', '0.9.2342'])(
  'the object identifier %s is read as it was written',
  (oid) => {
    expect(readOid(createDerReader(writeOid(oid), 'test'))).toBe(oid)
  },
)

test('what is written is read again', () => {
  fc.assert(
    fc.property(fc.uint8Array({ minLength: 1, maxLength: 70_000, size: 'max' }), (octets) => {
      const bits = readBits(createDerReader(writeBits(octets), 'test'), 'test')
      expect(Buffer.from(bits).equals(octets)).toBe(true)
      const number = octets[0] === 0 ? Uint8Array.of(1, ...octets) : octets
      const back = readUnsigned(createDerReader(writeUnsigned(number), 'test'), 'test')
      expect(Buffer.from(back).equals(number)).toBe(true)
    }),
    { numRuns: 50 },
  )
})
