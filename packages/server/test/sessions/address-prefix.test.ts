import { expect, test } from 'vitest'
import { addressPrefix } from '../../src/sessions/address-prefix.ts'

test.each([
  ['203.0.113.77', '203.0.113.0/24'],
  ['::ffff:203.0.113.77', '203.0.113.0/24'],
  ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2::/64'],
  ['2001:0DB8:0001:0002::6', '2001:db8:1:2::/64'],
  ['2001:db8::1', '2001:db8::/64'],
  ['2001:db8:0:7::', '2001:db8:0:7::/64'],
  ['::1', '::/64'],
  ['fe80::1%eth0', 'fe80::/64'],
  ['64:ff9b::203.0.113.77', '64:ff9b::/64'],
  [undefined, 'unknown'],
  ['', 'unknown'],
  ['not an address', 'unknown'],
  ['203.0.113.256', 'unknown'],
])('the prefix of %s is %s', (address, prefix) => {
  expect(addressPrefix(address)).toBe(prefix)
})
