/** What a verifier remembers of tokens, seen from outside: a hit hands out the very claims that were handed out before. */
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { secret, type VerificationKey } from '../../src/jwk/index.ts'
import { importKey } from '../../src/jwk/import.ts'
import { createLocalJwkSet } from '../../src/jwks/local.ts'
import { createVerifier, type CreateVerifierOptions } from '../../src/jwt/verifier.ts'
import { issuer, processOf } from '../jwks/issuers.ts'
import { forge, now, pairFor, sharedSecret, token } from '../forge.ts'
import { outcomeLater, outcomeOf } from '../outcome.ts'

const key = secret('HS256', sharedSecret)
const policy = { issuer: null, audience: null, requireExp: false, now } as const
const { privateKey, publicJwk } = pairFor('ES256', 'a')
const publicKey = (await importKey(publicJwk)) as VerificationKey
const signed = (claims: object, header: object = {}): string =>
  forge({ alg: 'ES256', kid: 'a', ...header }, claims, { algorithm: 'ES256', key: privateKey })

/** Whether a verifier knows a token again that it has just accepted. */
async function remembers(options: CreateVerifierOptions, value: string): Promise<boolean> {
  const verifier = createVerifier(options)
  const { claims } = await verifier.verify(value)
  return (await verifier.verify(value)).claims === claims
}

describe('the option cache', () => {
  const mac = token({ sub: 'x' })
  const signature = signed({ sub: 'x' })

  test('is on by default for signatures, and for MACs when it is asked for', async () => {
    expect(await remembers({ keys: publicKey, ...policy }, signature)).toBe(true)
    expect(await remembers({ keys: publicKey, ...policy, cache: false }, signature)).toBe(false)
    expect(await remembers({ keys: key, ...policy }, mac)).toBe(false)
    expect(await remembers({ keys: key, ...policy, cache: true }, mac)).toBe(true)
    expect(await remembers({ keys: key, ...policy, cache: { maxTokens: 2 } }, mac)).toBe(true)
  })

  test('tells the two apart by the token, where a key set of both kinds says nothing beforehand', async () => {
    const keys = { selectKeys: ({ alg }: { alg: string }) => [alg === 'HS256' ? key : publicKey] }
    expect(await remembers({ keys, ...policy }, signature)).toBe(true)
    expect(await remembers({ keys, ...policy }, mac)).toBe(false)
    expect(await remembers({ keys, ...policy, cache: true }, mac)).toBe(true)
  })

  test('remembers no more tokens than maxTokens', async () => {
    const verifier = createVerifier({ keys: key, ...policy, cache: { maxTokens: 4 } })
    const tokens = Array.from({ length: 20 }, (_, index) => token({ sub: `${index}` }))
    const before = tokens.map((value) => verifier.verifySync(value).claims)
    const after = tokens.map((value) => verifier.verifySync(value).claims)
    expect(after).toEqual(before)
    expect(after.filter((claims, index) => claims === before[index])).toEqual([])
    expect(verifier.verifySync(tokens[19] ?? '').claims).toBe(after[19])
  })

  test.for([
    0,
    1000,
    'true',
    null,
    undefined,
    [],
    {},
    { maxTokens: 1 },
    { maxTokens: 1.5 },
    { maxTokens: 1e9 },
    { maxTokens: '4' },
    { maxTokens: undefined },
    { maxTokens: 4, ttl: 1 },
  ])('is refused when it is %j', (cache) => {
    const options = { keys: key, ...policy, cache } as unknown as CreateVerifierOptions
    expect(outcomeOf(() => createVerifier(options))).toBe('option_invalid')
  })
})

describe('P19: a token that is known', () => {
  test('is known in every way of asking', async () => {
    const verifier = createVerifier({ keys: key, ...policy, cache: true })
    const value = token({ sub: 'x', deep: { list: [1] } })
    const { claims } = verifier.verifySync(value)
    expect((await verifier.verify(value)).claims).toBe(claims)
    expect(verifier.verifySync(value).claims).toBe(claims)
    expect(await verifier.safeVerify(value)).toMatchObject({ ok: true, claims })
    expect(verifier.safeVerifySync(value)).toMatchObject({ ok: true, claims, header: { alg: 'HS256' } })
  })

  test('comes in a result of its own: what a caller does to it reaches nobody else (T42)', () => {
    const verifier = createVerifier({ keys: key, ...policy, cache: true })
    const value = token({ sub: 'x', roles: ['user'] })
    for (let round = 0; round < 3; round += 1) {
      const result = verifier.verifySync(value) as { claims: { sub?: string; roles?: string[] } }
      expect(result.claims).toEqual({ sub: 'x', roles: ['user'] })
      expect(() => Object.assign(result.claims, { sub: 'admin' })).toThrow(TypeError)
      expect(() => result.claims.roles?.push('admin')).toThrow(TypeError)
      result.claims = { sub: 'admin' }
    }
  })

  test('is judged by its schema each time', async () => {
    let isAllowed = true
    const schema = {
      '~standard': {
        version: 1,
        vendor: 'test',
        validate: () => (isAllowed ? { value: { more: true } } : { issues: [{ message: 'no' }] }),
      },
    } as const
    const verifier = createVerifier({ keys: key, ...policy, cache: true, schema })
    const value = token({ sub: 'x' })
    for (let round = 0; round < 2; round += 1)
      expect((await verifier.verify(value)).claims).toEqual({ sub: 'x', more: true })
    isAllowed = false
    expect(await outcomeLater(() => verifier.verify(value))).toBe('schema_invalid')
  })
})

describe('a token that was refused', () => {
  test.for([
    ['its MAC', forge({ alg: 'HS256' }, {}, { key: new Uint8Array(32) }), 'bad_signature'],
    ['its time', token({ exp: now }), 'expired'],
    ['its audience', token({ aud: 'other' }), 'claim_invalid'],
  ] as const)('for %s is remembered as little as one that never came', ([, value, code]) => {
    const verifier = createVerifier({ keys: key, ...policy, audience: ['a'], cache: { maxTokens: 2 } })
    const good = [token({ aud: 'a', sub: '1' }), token({ aud: 'a', sub: '2' })]
    const before = good.map((token) => verifier.verifySync(token).claims)
    for (let round = 0; round < 50; round += 1) expect(outcomeOf(() => verifier.verifySync(value))).toBe(code)
    expect(good.map((token) => verifier.verifySync(token).claims === before.shift())).toEqual([true, true])
  })
})

describe('P19: a key set', () => {
  test('is asked on each hit, and forgets with its generation (T42)', async () => {
    const set = { generation: 1, keys: [publicKey], selectKeys: () => set.keys }
    const verifier = createVerifier({ keys: set, ...policy })
    const value = signed({ sub: 'x' })
    const { claims } = await verifier.verify(value)
    expect((await verifier.verify(value)).claims).toBe(claims)
    set.generation = 2
    const again = (await verifier.verify(value)).claims
    expect(again).not.toBe(claims)
    set.keys = []
    expect(await outcomeLater(() => verifier.verify(value))).toBe('key_not_found')
    set.keys = [(await importKey(pairFor('ES256', 'b').publicJwk)) as VerificationKey]
    expect(await outcomeLater(() => verifier.verify(value))).toBe('bad_signature')
    set.keys = [publicKey]
    expect((await verifier.verify(value)).claims).toBe(again)
  })

  test('that fails, fails for known tokens too', async () => {
    let fault: Error | undefined
    const selectKeys = () => (fault === undefined ? [publicKey] : Promise.reject(fault))
    const verifier = createVerifier({ keys: { selectKeys }, ...policy })
    const value = signed({ sub: 'x' })
    await verifier.verify(value)
    fault = new RangeError('the database is gone')
    expect(await outcomeLater(() => verifier.verify(value))).toBe('RangeError: the database is gone')
    fault = undefined
    expect(await outcomeLater(() => verifier.verify(value))).toBe('accepted')
  })

  test('at hand is asked as well', async () => {
    expect(await remembers({ keys: createLocalJwkSet({ keys: [publicJwk] }), ...policy }, signed({}))).toBe(
      true,
    )
  })

  test('of an issuer refreshes itself and ends with its lifetime, though only known tokens come', async () => {
    const state = issuer()
    const { set } = processOf(state, { staleSeconds: 1000 })
    const verifier = createVerifier({ keys: set, ...policy })
    const value = signed({ sub: 'x' })
    await verifier.verify(value)
    expect(state.fetches).toBe(1)
    state.now = 90
    await verifier.verify(value)
    expect(state.fetches).toBe(2)
    state.down = true
    state.now += 5000
    expect(await outcomeLater(() => verifier.verify(value))).toBe('keys_unavailable')
  })
})

describe('with a cache and without one', () => {
  const times = { minimum: now - 100, maximum: now + 100 }
  const time = fc.integer({ min: times.minimum, max: times.maximum })
  const claims = fc.record(
    {
      exp: time,
      nbf: time,
      iat: time,
      iss: fc.constantFrom('i', 'j'),
      aud: fc.constantFrom('a', 'b'),
      sub: fc.constantFrom('1', '2'),
    },
    { requiredKeys: [] },
  )
  const pool = fc.array(claims, { minLength: 1, maxLength: 4 })
  const step = fc.record({
    which: fc.nat(),
    present: time,
    damage: fc.constantFrom('none', 'none', 'none', 'payload', 'signature', 'header', 'cut'),
  })
  const damaged = (value: string, damage: string): string => {
    const [header = '', payload = '', mac = ''] = value.split('.')
    if (damage === 'payload') return `${header}.${payload.slice(0, -4)}AAAA.${mac}`
    if (damage === 'signature') return `${header}.${payload}.A${mac.slice(1)}`
    if (damage === 'header') return `${header.slice(0, -1)}.${payload}.${mac}`
    return damage === 'cut' ? value.slice(0, -1) : value
  }

  test('every token gets one verdict, whatever came before and whatever time it is', async () => {
    const run = fc.asyncProperty(pool, fc.array(step, { maxLength: 30 }), async (sets, steps) => {
      let present = now
      const base = { issuer: ['i'], audience: 'a', requireExp: false, now: () => present } as const
      const rules = { ...base, maxAgeSeconds: 60, clockToleranceSeconds: 5 }
      const plain = createVerifier({ keys: key, ...rules, cache: false })
      const cached = createVerifier({ keys: key, ...rules, cache: { maxTokens: 4 } })
      const tokens = sets.map((set) => token(set))
      for (const { which, present: at, damage } of steps) {
        present = at
        const value = damaged(tokens[which % tokens.length] ?? '', damage)
        const wanted = plain.safeVerifySync(value)
        expect(cached.safeVerifySync(value)).toEqual(wanted)
        expect(await cached.safeVerify(value)).toEqual(wanted)
        const word = wanted.ok ? 'accepted' : wanted.code
        expect(outcomeOf(() => cached.verifySync(value))).toBe(word)
        expect(await outcomeLater(() => cached.verify(value))).toBe(word)
      }
    })
    await fc.assert(run, { numRuns: 150 })
  })
})
