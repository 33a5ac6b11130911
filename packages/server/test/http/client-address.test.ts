import { expect, test } from 'vitest'
import { clientAddress, isLocalRequest } from '../../src/http/client-address.ts'

test.each([
  ["no proxy is trusted: the header is the client's own claim", '1.2.3.4', 0, '10.0.0.1'],
  ['one proxy: the entry that it appended', '6.6.6.6, 1.2.3.4', 1, '1.2.3.4'],
  ['two proxies: the entry that the outer one appended', '6.6.6.6, 1.2.3.4, 10.1.1.1', 2, '1.2.3.4'],
  ['fewer entries than proxies: the peer', '1.2.3.4', 2, '10.0.0.1'],
  ['no header: the peer', undefined, 1, '10.0.0.1'],
  ['a port behind the address', '1.2.3.4:5678', 1, '1.2.3.4'],
  ['an IPv6 address in brackets', '[2001:db8::1]:5678', 1, '2001:db8::1'],
  ['a bare IPv6 address', '2001:db8::1', 1, '2001:db8::1'],
])('%s', (_kind, forwarded, proxies, address) => {
  const headers = new Headers(forwarded === undefined ? {} : { 'x-forwarded-for': forwarded })
  expect(clientAddress(headers, '10.0.0.1', proxies)).toBe(address)
})

test.each([
  ['127.0.0.1', {}, true],
  ['::1', {}, true],
  ['::ffff:127.0.0.1', {}, true],
  ['203.0.113.7', {}, false],
  ['1127.0.0.1', {}, false],
  [undefined, {}, false],
  ['127.0.0.1', { 'x-forwarded-for': '203.0.113.7' }, false],
  ['::1', { forwarded: 'for=203.0.113.7' }, false],
])('whether a request from %s with %o is of this machine: %s', (address, headers, isLocal) => {
  expect(isLocalRequest(new Headers(headers as Record<string, string>), address)).toBe(isLocal)
})
