/** A polluted Object.prototype (T58), values of other realms (T61), and buffers that move (T62, T63). */
import { runInNewContext } from 'node:vm'
import { afterEach, describe, expect, test } from 'vitest'
import { importKey } from '../../src/jwk/import.ts'
import { secret } from '../../src/jwk/secret.ts'
import { decode, type DecodeOptions } from '../../src/jwt/decode.ts'
import { encode } from '../../src/jwt/encode.ts'
import { createVerifier } from '../../src/jwt/verifier.ts'
import { verifyJwt } from '../../src/jwt/verify.ts'
import { forge, now, pairFor, sharedBytes, sharedSecret, token } from '../forge.ts'
import { outcomeLater, outcomeOf } from '../outcome.ts'

const key = secret('HS256', sharedSecret)
const polluted = Object.prototype as Record<string, unknown>
const added = new Set<string>()
const pollute = (members: object, enumerable = true): void => {
  for (const [name, value] of Object.entries(members)) {
    added.add(name)
    Object.defineProperty(polluted, name, { value, enumerable, configurable: true, writable: true })
  }
}
const clean = (): void => {
  for (const name of added) Reflect.deleteProperty(polluted, name)
  added.clear()
}
afterEach(clean)

/** The outcome of an action in a polluted realm. */
function outcomeIn(members: object, action: () => unknown): string[] {
  return [true, false].map((enumerable) => {
    pollute(members, enumerable)
    try {
      return outcomeOf(action)
    } finally {
      clean()
    }
  })
}

describe('T58 a polluted Object.prototype gives a token nothing', () => {
  const all = { issuer: 'i', audience: 'a', now } as const
  const complete = { iss: 'i', aud: 'a', exp: now + 9 }
  const without = (name: string): string =>
    token(Object.fromEntries(Object.entries(complete).filter(([claim]) => claim !== name)))

  test.each(['exp', 'iss', 'aud'] as const)('no claim %s', (name) => {
    const value = without(name)
    const verifier = createVerifier({ keys: key, ...all })
    const outcomes = outcomeIn({ [name]: complete[name] }, () => verifier.verifySync(value))
    expect(outcomes).toEqual(['claim_missing', 'claim_missing'])
  })

  test.each([
    ['sub', { subject: 'a' }, 'a'],
    ['jti', { required: ['jti'] }, 'x'],
    ['role', { required: ['role'] }, 'admin'],
    ['iat', { maxAgeSeconds: 5 }, now],
  ])('no claim %s', (name, options, value) => {
    const verifier = createVerifier({ keys: key, ...all, ...options })
    const outcomes = outcomeIn({ [name]: value }, () => verifier.verifySync(token(complete)))
    expect(outcomes).toEqual(['claim_missing', 'claim_missing'])
  })

  test('and takes nothing from it: good tokens stay good, bad ones bad', () => {
    const verifier = createVerifier({ keys: key, ...all })
    for (const members of [
      { exp: 1 },
      { nbf: 9e9 },
      { iat: 'x' },
      { iss: 5 },
      { aud: {} },
      { role: 'admin' },
      { deep: {} },
    ]) {
      expect(outcomeIn(members, () => verifier.verifySync(token(complete)))).toEqual(['accepted', 'accepted'])
      const expired = token({ ...complete, exp: now })
      expect(outcomeIn(members, () => verifier.verifySync(expired))).toEqual(['expired', 'expired'])
    }
  })

  test('and a member that stands twice is still found', () => {
    const twice = token('{"iss":"i","iss":"i","aud":"a","exp":9000000000}')
    const verifier = createVerifier({ keys: key, ...all })
    for (const members of [{ role: 'x' }, { 'a:b': 1 }, { list: [':'] }, { deep: { ':': ':' } }])
      expect(outcomeIn(members, () => verifier.verifySync(twice))).toEqual(['malformed', 'malformed'])
  })

  test('no typ, no alg and no kid in the header', () => {
    const strict = createVerifier({ keys: key, ...all, typ: 'at+jwt' })
    const noType = forge({ alg: 'HS256' }, complete)
    const fresh = () => createVerifier({ keys: key, ...all, typ: 'at+jwt' }).verifySync(noType)
    expect(outcomeIn({ typ: 'at+jwt' }, fresh)).toEqual(['typ_mismatch', 'typ_mismatch'])
    expect(outcomeIn({ typ: 'at+jwt' }, () => strict.verifySync(noType))).toEqual([
      'typ_mismatch',
      'typ_mismatch',
    ])
    const noAlg = forge({ typ: 'at+jwt' }, complete)
    expect(outcomeIn({ alg: 'HS256' }, () => strict.verifySync(noAlg))).toEqual(['malformed', 'malformed'])
    const asked: (string | undefined)[] = []
    const set = {
      selectKeys: ({ kid }: { kid?: string }) => {
        asked.push(kid)
        return [key]
      },
    }
    const make = () => decode(noType, set, { audience: null, now })
    expect(outcomeIn({ kid: 'evil' }, make)).toEqual(['accepted', 'accepted'])
    expect(asked).toEqual([undefined, undefined])
  })
})

describe('T58 a polluted Object.prototype gives options nothing', () => {
  test.each([
    ['audience', null],
    ['audience', 'a'],
    ['clockToleranceSeconds', 3600],
    ['now', 5],
    ['algorithms', ['HS256']],
    ['allowWeakKey', true],
    ['requireExp', false],
    ['schema', { '~standard': { version: 1, validate: (value: unknown) => ({ value }) } }],
  ])('decode does not take %s from it', (name, value) => {
    const members = { [name]: value }
    const foreign = token({ aud: 'a' })
    expect(outcomeIn(members, () => decode(foreign, key, {}))).toEqual(['claim_invalid', 'claim_invalid'])
    const expired = token({ exp: now })
    expect(outcomeIn(members, () => decode(expired, key, { now }))).toEqual(['expired', 'expired'])
    expect(outcomeIn(members, () => decode(token({}), sharedSecret))).toEqual([
      'option_invalid',
      'option_invalid',
    ])
    expect(outcomeIn(members, () => secret('HS256', 'short'))).toEqual(['weak_key', 'weak_key'])
    expect(outcomeIn(members, () => secret('HS256', 'short', {}))).toEqual(['weak_key', 'weak_key'])
  })

  test('verifyJwt and createVerifier still ask for issuer and audience', async () => {
    pollute({ issuer: null, audience: null, requireExp: false, keys: key })
    const empty = {} as { issuer: null; audience: null }
    const outcome = await outcomeLater(() => verifyJwt(token({}), key, empty))
    const made = outcomeOf(() => createVerifier({ keys: key, ...empty }))
    clean()
    expect([outcome, made]).toEqual(['option_invalid', 'option_invalid'])
  })

  test('createVerifier does not take its keys from it', () => {
    const make = () =>
      createVerifier({ issuer: null, audience: null } as unknown as {
        keys: typeof key
        issuer: null
        audience: null
      })
    expect(outcomeIn({ keys: key }, make)).toEqual(['key_invalid', 'key_invalid'])
  })

  test('options inherited from anything count as not given, and are not skipped in silence', () => {
    const inherited = Object.create({ issuer: 'x' }) as DecodeOptions
    const outcome = outcomeOf(() => decode(token({ iss: 'evil' }), key, inherited))
    expect(outcome).toBe('option_invalid')
  })

  test('encode does not take claims or header parameters from it', () => {
    pollute({ exp: 5, kid: 'evil', crit: ['x'], password: 'x', toJSON: undefined })
    const outcome = outcomeOf(() => encode({ a: 1 }, key))
    const made = outcome === 'accepted' ? encode({ a: 1 }, key) : ''
    clean()
    expect(outcome).toBe('accepted')
    expect(made).toBe(token({ a: 1 }))
  })
})

describe('T61 values of another realm', () => {
  const foreign = <T>(source: string): T => runInNewContext(source) as T

  test('bytes are bytes, options are options, claims are claims', () => {
    const bytes = foreign<(list: number[]) => Uint8Array>('(list) => Uint8Array.from(list)')([...sharedBytes])
    const own = secret('HS256', bytes)
    expect(encode(foreign<{ a: number }>('({ a: 1, list: [1, { b: 2 }] })'), own)).toBe(
      token({ a: 1, list: [1, { b: 2 }] }),
    )
    const options = foreign<{ audience: string[] }>('({ audience: ["x", "api"] })')
    expect(decode(token({ aud: 'api' }), own, options)).toEqual({ aud: 'api' })
    expect(outcomeOf(() => decode(token({ aud: 'b' }), own, options))).toBe('claim_invalid')
  })

  test('a JWK and DER bytes are imported', async () => {
    const jwk = foreign<(text: string) => object>('(text) => JSON.parse(text)')(
      JSON.stringify(pairFor('ES256').publicJwk),
    )
    expect(await outcomeLater(() => importKey(jwk as { kty: string }))).toBe('accepted')
    const der = [...pairFor('ES256').publicKey.export({ format: 'der', type: 'spki' })]
    const bytes = foreign<(list: number[]) => Uint8Array>('(list) => Uint8Array.from(list)')(der)
    expect(await outcomeLater(() => importKey(bytes))).toBe('accepted')
  })

  test('a promise of keys is awaited', async () => {
    const later = foreign<(value: unknown) => Promise<(typeof key)[]>>('(value) => Promise.resolve(value)')
    const set = { selectKeys: () => later([key]) }
    const policy = { issuer: null, audience: null, requireExp: false } as const
    expect(await outcomeLater(() => verifyJwt(token({ a: 1 }), set, policy))).toBe('accepted')
  })

  test('a Date is no NumericDate, wherever it comes from', () => {
    expect(outcomeOf(() => encode({ exp: foreign<number>('new Date()') }, key))).toBe('claim_invalid')
  })
})

describe('T62, T63 memory that others can change', () => {
  test('a secret from shared memory is copied at once', () => {
    const shared = new Uint8Array(new SharedArrayBuffer(sharedBytes.length))
    shared.set(sharedBytes)
    const own = secret('HS256', shared)
    shared.fill(0)
    expect(encode({ a: 1 }, own)).toBe(token({ a: 1 }))
    shared.set(sharedBytes)
    expect(outcomeOf(() => decode(token({}), shared, { algorithms: ['HS256'] }))).toBe('accepted')
  })

  test('DER from shared memory is read', async () => {
    const der = pairFor('ES256').publicKey.export({ format: 'der', type: 'spki' })
    const shared = new Uint8Array(new SharedArrayBuffer(der.length))
    shared.set(der)
    const imported = outcomeLater(() => importKey(shared))
    shared.fill(0)
    expect(await imported).toBe('accepted')
  })

  type Resizable = ArrayBuffer & { resize(length: number): void }
  const resizable = (length: number, most: number): Resizable =>
    Reflect.construct(ArrayBuffer, [length, { maxByteLength: most }]) as Resizable

  test('a secret from a resizable buffer is copied at once', () => {
    const buffer = resizable(sharedBytes.length, 200)
    const view = new Uint8Array(buffer)
    view.set(sharedBytes)
    const own = secret('HS256', view)
    buffer.resize(10)
    expect(encode({ a: 1 }, own)).toBe(token({ a: 1 }))
  })

  test('a view that no longer lies in its buffer is key_invalid, not a TypeError', async () => {
    const buffer = resizable(100, 200)
    const view = new Uint8Array(buffer, 20, 64).fill(7)
    buffer.resize(10)
    const detached = new Uint8Array(64).fill(7)
    structuredClone(detached.buffer, { transfer: [detached.buffer] })
    for (const gone of [view, detached]) {
      expect(outcomeOf(() => secret('HS256', gone))).toBe('key_invalid')
      expect(outcomeOf(() => decode(token({}), gone, { algorithms: ['HS256'] }))).toBe('key_invalid')
      expect(await outcomeLater(() => importKey(gone))).toBe('key_invalid')
    }
  })
})
