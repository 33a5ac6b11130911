import { describe, expect, test } from 'vitest'
import { normalizeTargetUri } from '../../src/dpop/target-uri.ts'

describe('the target URI of a request (RFC 9449 §4.3, RFC 3986 §6.2)', () => {
  test.each([
    ['query and fragment are left out', 'https://a.example/p?x=1#y', 'https://a.example/p'],
    ['a fragment alone is left out', 'https://a.example/p#y?z', 'https://a.example/p'],
    ['scheme and host have no case (§6.2.2.1)', 'HTTPS://A.Example/P', 'https://a.example/P'],
    ['an empty path is the root (§6.2.3)', 'https://a.example', 'https://a.example/'],
    ['an empty path before a query is the root (§6.2.3)', 'https://a.example?x', 'https://a.example/'],
    ['the default port is left out (§6.2.3)', 'https://a.example:443/p', 'https://a.example/p'],
    ['the default port of http is left out', 'http://a.example:80/p', 'http://a.example/p'],
    ['an empty port is left out (§6.2.3)', 'https://a.example:/p', 'https://a.example/p'],
    ['another port stays', 'https://a.example:8443/p', 'https://a.example:8443/p'],
    ['the other default port stays', 'https://a.example:80/p', 'https://a.example:80/p'],
    ['needless encoding is undone (§6.2.2.2)', 'https://a.example/%7Eu%41', 'https://a.example/~uA'],
    [
      'needed encoding stays, in upper case (§6.2.2.1)',
      'https://a.example/%2f%3a',
      'https://a.example/%2F%3A',
    ],
    ['nothing is decoded twice', 'https://a.example/%2541', 'https://a.example/%2541'],
    ['dot segments go (§6.2.2.3)', 'https://a.example/a/./b/../c', 'https://a.example/a/c'],
    ['encoded dot segments go', 'https://a.example/a/%2e%2E/c', 'https://a.example/c'],
    ['dot segments at the end leave a slash', 'https://a.example/a/b/..', 'https://a.example/a/'],
    ['no dot segment leads above the root', 'https://a.example/../../p', 'https://a.example/p'],
    [
      'names that begin with dots stay',
      'https://a.example/.well-known/...',
      'https://a.example/.well-known/...',
    ],
    ['empty segments stay', 'https://a.example//a//b', 'https://a.example//a//b'],
    ['an IPv6 address has no case', 'http://[2001:DB8::1]:80/', 'http://[2001:db8::1]/'],
    ['a backslash is no slash', 'https://a.example/a\\b', 'https://a.example/a\\b'],
    ['the path keeps its case', 'https://a.example/Path', 'https://a.example/Path'],
    ['a trailing slash stays', 'https://a.example/p/', 'https://a.example/p/'],
  ])('%s', (_title, uri, normal) => {
    expect(normalizeTargetUri(uri)).toBe(normal)
    expect(normalizeTargetUri(normal)).toBe(normal)
  })

  test.each([
    ['another scheme', 'ftp://a.example/p'],
    ['no scheme', '//a.example/p'],
    ['a path alone', '/p'],
    ['no host', 'https:///p'],
    ['one slash', 'https:/a.example/p'],
    ['a user before the host', 'https://user@a.example/p'],
    ['another host behind a backslash', 'https://a.example\\@b.example/p'],
    ['white space before it', ' https://a.example/p'],
    ['a tab in the scheme', 'ht\ttps://a.example/p'],
    ['a line end in the host', 'https://a.exam\nple/p'],
    ['a host beyond ASCII', 'https://ａ.example/p'],
    ['a port that is no number', 'https://a.example:4x3/p'],
    ['an open bracket', 'https://[::1/p'],
    ['nothing', ''],
  ])('refuses %s', (_title, uri) => {
    expect(normalizeTargetUri(uri)).toBeUndefined()
  })
})
