import { expect, test } from 'vitest'
import { isSecureScheme } from '../../src/encoding/secure-url.ts'

test.each([
  'https://id.example',
  'https://127.0.0.1.example',
  'http://localhost:4480',
  'http://api.localhost',
  'http://127.0.0.1',
  'http://127.8.9.1:1',
  'http://0x7f.1',
  'http://[::1]:80/x',
])('RFC 8725 §3.10: %s is whom it names', (url) => {
  expect(isSecureScheme(new URL(url))).toBe(true)
})

test.each([
  'http://id.example',
  'http://localhost.example',
  'http://notlocalhost',
  'http://.localhost.example',
  'http://127.0.0.1.example',
  'http://128.0.0.1',
  'http://[::2]',
  'http://0.0.0.0',
  'ws://localhost',
  'ftp://127.0.0.1',
  'file:///etc/passwd',
])('RFC 8725 §3.10: %s could be anybody', (url) => {
  expect(isSecureScheme(new URL(url))).toBe(false)
})
