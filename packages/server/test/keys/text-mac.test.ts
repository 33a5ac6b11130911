import { createHmac, randomBytes } from 'node:crypto'
import { expect, test } from 'vitest'
import { createTextMac } from '../../src/keys/text-mac.ts'

const macOf = (key: Uint8Array, text: string) => createHmac('sha256', key).update(text).digest('base64url')

test('gives the MAC of RFC 4231 §4.3', () => {
  const mac = createTextMac(Buffer.from('Jefe'))('what do ya want for nothing?')
  expect(Buffer.from(mac, 'base64url').toString('hex')).toBe(
    '5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843',
  )
})

test('gives the MAC of a text of any length and letters, whatever came before', () => {
  const keys = [0, 1, 32, 63, 64].map((length) => randomBytes(length))
  const macs = keys.map((key) => createTextMac(key))
  for (const length of [0, 1, 54, 55, 56, 63, 64, 65, 119, 120, 1023, 1024, 1025, 5000]) {
    for (const letter of ['a', 'é', '가', '🔑', '\ud800']) {
      const text = letter.repeat(length)
      for (const [at, key] of keys.entries()) expect(macs[at]?.(text)).toBe(macOf(key, text))
    }
  }
})

test('refuses a key longer than a block', () => {
  expect(() => createTextMac(randomBytes(65))).toThrow('expected a key of at most 64 octets')
})
