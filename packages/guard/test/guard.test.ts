import { createLocalJwkSet, JoseError, secret } from '@tessera/jose'
import type { KeySet } from '@tessera/jose'
import { describe, expect, test } from 'vitest'
import { authenticateOf, createGuard, guardFrom } from '../src/guard.ts'
import type { Guard, GuardResult } from '../src/guard.ts'
import type { GuardRequest } from '../src/request-headers.ts'
import type { GuardOptions } from '../src/options.ts'
import { makeKey, signWith, signWithSecret } from './issuer.ts'

const issuer = 'https://issuer.example'
const audience = 'https://api.example'
const now = 1_800_000_000
const text = 'a shared secret of 32 characters'
const options: GuardOptions = { issuer, audience, keys: secret('HS256', text), now }

const claims = { iss: issuer, aud: audience, sub: 'alice', exp: now + 60, scope: 'a b', list: [{ deep: 1 }] }
const token = (changes: object = {}): string =>
  signWithSecret(text, { typ: 'at+jwt', alg: 'HS256' }, { ...claims, ...changes })
const asking = (value: string): GuardRequest => ({
  method: 'GET',
  url: 'https://api.example/',
  headers: { authorization: `Bearer ${value}` },
})

describe('createGuard', () => {
  test('gives claims, token and scopes of a good token, the claims deeply frozen', async () => {
    const sent = token()
    const result = await createGuard(options).authenticate(asking(sent))
    expect(result).toEqual({ ok: true, auth: { claims, token: sent, scopes: ['a', 'b'] } })
    const list = result.ok ? (result.auth.claims['list'] as object[]) : []
    expect(Object.isFrozen(list[0])).toBe(true)
  })

  test('narrow asks for more, with the same keys, and leaves the first guard as it was', async () => {
    const first = createGuard({ ...options, scopes: 'a' })
    const second = first.narrow({ scopes: 'c' }).narrow({ roles: 'admin' })
    expect(await first.authenticate(asking(token()))).toMatchObject({ ok: true })
    expect(await second.authenticate(asking(token()))).toMatchObject({
      status: 403,
      headers: { 'www-authenticate': 'Bearer error="insufficient_scope", scope="a c"' },
    })
    expect(await second.authenticate(asking(token({ scope: 'a c' })))).toMatchObject({ status: 403 })
    expect(await second.authenticate(asking(token({ scope: 'c a', roles: ['admin'] })))).toMatchObject({
      ok: true,
    })
    expect(() => first.narrow({ scopes: [] })).toThrow(expect.objectContaining({ code: 'option_invalid' }))
  })

  test('looks up revocations with the verified claims and the kid of the key', async () => {
    const key = makeKey('k1')
    const asked: unknown[] = []
    const guard = createGuard({
      ...options,
      keys: createLocalJwkSet({ keys: [key.jwk] } as never),
      revocations: {
        isRevoked: (verified, kid) => asked.push([verified.sub, kid]) === 0,
        isCurrent: () => true,
      },
    })
    const sent = signWith(key.privateKey, { typ: 'at+jwt', alg: 'ES256', kid: 'k1' }, claims)
    expect(await guard.authenticate(asking(sent))).toMatchObject({ ok: true })
    await guard.authenticate(asking(`${sent.slice(0, -8)}AAAAAAAA`))
    expect(asked).toEqual([['alice', 'k1']])
  })

  test.for([{}, { cache: true }, { cache: { maxTokens: 2 } }, { cache: false }])(
    'asks for revocations each time that a token comes, known or not (%j)',
    async (cache) => {
      const key = makeKey('k1')
      let isRevoked = false
      const revocations = { isRevoked: () => isRevoked, isCurrent: () => true }
      const keys = createLocalJwkSet({ keys: [key.jwk] } as never)
      for (const [sent, more] of [
        [token(), {}],
        [signWith(key.privateKey, { typ: 'at+jwt', alg: 'ES256', kid: 'k1' }, claims), { keys }],
      ] as const) {
        const guard = createGuard({ ...options, ...more, ...cache, revocations })
        for (isRevoked of [false, false, true, true, false])
          expect(await guard.authenticate(asking(sent))).toMatchObject({ ok: !isRevoked })
      }
    },
  )

  test('tells a revoked token by 401 before a missing scope by 403', async () => {
    const guard = createGuard({
      ...options,
      scopes: 'z',
      revocations: { isRevoked: () => true, isCurrent: () => false },
    })
    expect(await guard.authenticate(asking(token()))).toMatchObject({
      status: 401,
      body: { code: 'revoked' },
    })
  })

  test('keeps its answer when onError throws, and when the key set answers nonsense', async () => {
    const nonsense = { selectKeys: () => 'no keys' } as unknown as KeySet
    const guard = createGuard({
      ...options,
      keys: nonsense,
      onError: () => {
        throw new Error('the hook failed')
      },
    })
    const result = await guard.authenticate(asking(token()))
    expect(result).toMatchObject({ ok: false, status: 503, headers: { 'retry-after': '5' } })
    expect(JSON.stringify(result)).not.toContain('hook')
  })

  test('keeps what a key set says of its failure out of the answer, and hands it to onError', async () => {
    const failure = new JoseError('keys_unavailable', 'http://10.0.0.7/jwks: no route')
    const told: unknown[] = []
    const guard = createGuard({
      ...options,
      keys: { selectKeys: () => Promise.reject(failure) },
      onError: (error) => told.push(error),
    })
    const result = await guard.authenticate(asking(token()))
    expect(result).toMatchObject({ status: 503, body: { code: 'keys_unavailable' } })
    expect(JSON.stringify(result)).not.toContain('10.0.0.7')
    expect(told).toEqual([failure])
  })

  test('refuses to read what is no headers, as the mistake of its caller', async () => {
    await expect(createGuard(options).authenticate({} as GuardRequest)).rejects.toMatchObject({
      code: 'option_invalid',
    })
  })
})

describe('a header that is not let in is judged to the letter', () => {
  const good = token()
  const given: readonly [value: string, code: string][] = [
    [`Bearer ${good}, Bearer ${good}`, 'request_invalid'],
    [`Bearer ${good},${good}`, 'request_invalid'],
    [`Bearer ${good} x`, 'request_invalid'],
    [`Bearer ${good}"`, 'request_invalid'],
    [`Bearer ${good}\u00e9`, 'request_invalid'],
    [`Bearer ${good}=`, 'malformed'],
    [`Bearer ${good}.x`, 'malformed'],
    [`Bearer ${good.slice(0, -8)}AAAAAAAA`, 'bad_signature'],
    [`Bearer ${token({ exp: now })}`, 'expired'],
    ['Bearer ', 'request_invalid'],
    [`Bearer ${'a'.repeat(70_000)}`, 'too_large'],
    [`Bearer   ${good}`, 'ok'],
    [`Bearer ${good} \t`, 'ok'],
    [`bearer ${good}`, 'ok'],
  ]
  test.each(given)('%.24s… is %s, whatever was let in before', async (authorization, code) => {
    const guard = createGuard(options)
    for (let round = 0; round < 2; round += 1) {
      const result = await guard.authenticate({ ...asking(''), headers: { authorization } })
      expect(result.ok ? 'ok' : result.body.code).toBe(code)
      expect(await guard.authenticate(asking(good))).toMatchObject({ ok: true, auth: { token: good } })
    }
  })

  test('and asks nobody for the keys of a header that holds no single token', async () => {
    let asked = 0
    const keys: KeySet = {
      selectKeys: () => {
        asked += 1
        throw new JoseError('keys_unavailable', 'down')
      },
    }
    const guard = createGuard({ ...options, keys })
    const result = await guard.authenticate(asking(`${good}, Bearer ${good}`))
    expect([result, asked]).toEqual([expect.objectContaining({ status: 400 }), 0])
  })
})

describe('authenticateOf', () => {
  test('answers without a promise where none is needed', async () => {
    const authenticate = authenticateOf(createGuard(options))
    expect(authenticate(asking(token()))).toMatchObject({ ok: true })
    expect(authenticate(asking('x'))).toMatchObject({ status: 401 })
    const later = authenticateOf(
      createGuard({ ...options, keys: { selectKeys: async () => [secret('HS256', text)] } }),
    )
    for (const value of [token(), `  ${token()}`, `${token()}x`]) {
      const answer = later(asking(value))
      expect(answer).toBeInstanceOf(Promise)
      expect((await answer).ok).toBe(!value.endsWith('x'))
    }
  })

  test('asks the authenticate that a guard has now, when the application put its own there', async () => {
    const refuse = async (): Promise<GuardResult> => ({
      ok: false,
      status: 403,
      headers: {},
      body: {} as never,
    })
    const copied: Guard = { ...createGuard(options), authenticate: refuse }
    expect(await authenticateOf(copied)(asking(token()))).toMatchObject({ status: 403 })
    const changed = createGuard(options)
    const authenticate = authenticateOf(changed)
    changed.authenticate = refuse
    expect(await authenticate(asking(token()))).toMatchObject({ status: 403 })
  })
})

describe('the options of a guard', () => {
  const wrong: readonly [title: string, changes: object][] = [
    ['an unknown name', { audiance: audience }],
    ['an undefined issuer', { issuer: undefined }],
    ['an empty issuer', { issuer: '' }],
    ['a waived issuer', { issuer: null }],
    ['an undefined audience', { audience: undefined }],
    ['an empty audience', { audience: '' }],
    ['no audience in a list', { audience: [] }],
    ['a waived audience', { audience: null }],
    ['undefined keys', { keys: undefined }],
    ['an undefined typ', { typ: undefined }],
    ['undefined scopes', { scopes: undefined }],
    ['an empty list of scopes', { scopes: [] }],
    ['an empty list of roles', { roles: [] }],
    ['an unknown fail mode', { onStale: 'ajar' }],
    ['revocations that cannot be asked', { revocations: { isRevoked: () => false } }],
    ['a hook that is no function', { onError: 'log' }],
    ['a realm that would split the header', { realm: 'a\r\nb' }],
    ['an algorithm that nobody knows', { algorithms: ['none'] }],
    ['a cache without bounds', { cache: { maxTokens: Infinity } }],
    ['a negative tolerance', { clockToleranceSeconds: -1 }],
  ]
  test.each(wrong)('refuse %s (option_invalid)', (_title, changes) => {
    const make = (): unknown => createGuard({ ...options, ...changes })
    expect(make).toThrow(expect.objectContaining({ name: 'JoseError', code: 'option_invalid' }))
  })

  test.each([{}, { issuer }, { audience }, null, undefined, 'x'])('refuse %j', (given) => {
    const make = (): unknown => createGuard(given as GuardOptions)
    expect(make).toThrow(expect.objectContaining({ code: 'option_invalid' }))
  })

  test('refuse what is no key (key_invalid)', () => {
    const make = (): unknown => createGuard({ ...options, keys: {} as KeySet })
    expect(make).toThrow(expect.objectContaining({ code: 'key_invalid' }))
  })

  test('refuse an issuer whose keys cannot be fetched safely, when no keys are given', () => {
    const make = (): unknown => createGuard({ issuer: 'not a URL', audience })
    expect(make).toThrow(expect.objectContaining({ code: 'option_invalid' }))
  })
})

test('an adapter takes a guard as well as its options', () => {
  const guard = createGuard(options)
  expect(guardFrom(guard)).toBe(guard)
  expect(guardFrom(options)).not.toBe(guard)
})
