/** The part of a network address that is kept: enough to recognise a place, not a person. */
import { isIPv4, isIPv6 } from 'node:net'

/** `203.0.113.0/24`, `2001:db8:1:2::/64`, or `unknown`. */
export function addressPrefix(address: string | undefined): string {
  if (address === undefined) return 'unknown'
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address)?.[1] ?? address
  if (isIPv4(mapped)) return `${mapped.split('.').slice(0, 3).join('.')}.0/24`
  const [bare = ''] = address.split('%')
  if (!isIPv6(bare)) return 'unknown'
  const groups = expandGroups(bare).slice(0, 4)
  while (groups.at(-1) === '0') groups.pop()
  return `${groups.join(':')}::/64`
}

/** The first groups of an IPv6 address, without leading zeros, `::` written out. */
function expandGroups(address: string): string[] {
  const [head = '', tail] = address.toLowerCase().split('::')
  const split = (part: string): string[] => (part === '' ? [] : part.split(':'))
  const [left, right] = [split(head), split(tail ?? '')]
  const missing = tail === undefined ? 0 : 8 - left.length - right.length - (address.includes('.') ? 1 : 0)
  return [...left, ...Array<string>(Math.max(0, missing)).fill('0'), ...right].map((group) =>
    group.replace(/^0+(?=.)/, ''),
  )
}
