import { encode, exportJwk, generateKey, signJwt } from '@tessera/jose'
import { beforeAll, describe, expect, test } from 'vitest'
import { cleanToken, judge, nextDateMs, type Expectation } from '../../src/debugger/judge.ts'

const text = 'a secret of at least thirty-two bytes'
const withSecret = { kind: 'secret', text, algorithm: 'HS256' } as const
const anyToken = { keys: withSecret, issuer: '', audience: '', isAccessToken: false } as const

describe('the verdict of the debugger', () => {
  let token: string
  let expected: Expectation

  beforeAll(async () => {
    const { privateKey, publicKey } = await pair()
    const jwk = { ...(await exportJwk(publicKey)) }
    const options = { issuer: 'https://id.example', audience: 'https://api.example', typ: 'at+jwt' }
    token = await signJwt({ sub: 'u1' }, privateKey, { ...options, expiresIn: '10m' })
    expected = {
      keys: { kind: 'server', jwkSet: { keys: [jwk] } },
      issuer: options.issuer,
      audience: options.audience,
      isAccessToken: true,
    }
  })

  async function pair() {
    const privateKey = await generateKey('ES256')
    return { privateKey, publicKey: privateKey.publicKey }
  }

  test('is good for what is as expected', async () => {
    expect(await judge(token, expected)).toEqual({ kind: 'good' })
    expect(await judge(token, { ...expected, issuer: '', audience: '' })).toEqual({ kind: 'good' })
  })

  test.each([
    ['another issuer', { issuer: 'https://other.example' }, 'claim_invalid', true],
    ['another audience', { audience: 'https://other.example' }, 'claim_invalid', true],
    ['the keys of somebody else', { keys: withSecret }, 'alg_not_allowed', false],
  ])('names the code for %s, and whether the signature was good', async (_, change, code, isAuthentic) => {
    expect(await judge(token, { ...expected, ...change })).toMatchObject({
      kind: 'refused',
      code,
      isAuthentic,
    })
  })

  test('follows the time', async () => {
    expect(await judge(token, expected, Date.now() / 1000 + 601)).toMatchObject({
      code: 'expired',
      isAuthentic: true,
    })
  })

  test.each([
    ['a short secret', { kind: 'secret', text: 'short', algorithm: 'HS256' }, 'weak_key'],
    ['no secret', { kind: 'secret', text: '', algorithm: 'HS256' }, 'key_invalid'],
    ['text that is no key', { kind: 'public', text: 'no key', algorithm: '' }, 'key_invalid'],
    ['no key', { kind: 'public', text: '', algorithm: '' }, 'key_invalid'],
    ['JSON that is no key', { kind: 'public', text: '{}', algorithm: '' }, 'key_invalid'],
    ['an algorithm that nobody knows', { kind: 'public', text: '{}', algorithm: 'XS1' }, 'option_invalid'],
  ] as const)('is that %s is of no use', async (_, keys, code) => {
    const any = encode({ exp: 4e9 }, text, { algorithm: 'HS256' })
    expect(await judge(any, { ...anyToken, keys })).toMatchObject({ kind: 'no_key', code })
  })

  test.each(['', 'x', 'a.b.c', '값'])('is malformed for %j', async (given) => {
    expect(await judge(given, anyToken)).toMatchObject({
      kind: 'refused',
      code: 'malformed',
      isAuthentic: false,
    })
  })
})

test('is given again when the next date of the token has come', () => {
  const at = (claims: Record<string, number>): number | undefined =>
    nextDateMs(encode(claims, text, { algorithm: 'HS256' }), 1_000_000)
  expect(at({ exp: 1010 })).toBe(10_100)
  expect(at({ nbf: 1005, exp: 1010 })).toBe(5100)
  expect(at({ nbf: 990, exp: 1010 })).toBe(10_100)
  expect(at({ exp: 990 })).toBeUndefined()
  expect(at({ exp: 4_000_000_000 })).toBeUndefined()
  expect(at({})).toBeUndefined()
  expect(nextDateMs('x')).toBeUndefined()
})

test.each([
  ['Authorization: Bearer eyJ.a.b', 'eyJ.a.b'],
  ['bearer eyJ.a.b\n', 'eyJ.a.b'],
  [' eyJ.\n a.b ', 'eyJ.a.b'],
  ['bearer of news', 'bearerofnews'],
])('%j is the token %j', (typed, token) => {
  expect(cleanToken(typed)).toBe(token)
})
