/** T58–T68: prototypes, getters, realms, buffers and values that only JavaScript has (§4.7). */
import { runInNewContext } from 'node:vm'
import { afterEach, expect, test } from 'vitest'
import { createDpopProof } from '../../src/dpop/index.ts'
import {
  encryptionSecret,
  exportJwk,
  generateKey,
  importKey,
  secret,
  type VerificationKey,
} from '../../src/jwk/index.ts'
import { createRemoteJwkSet } from '../../src/jwks/index.ts'
import {
  createVerifier,
  type CreateVerifierOptions,
  encode,
  encryptJwt,
  signJwt,
  verifyJwt,
} from '../../src/jwt/index.ts'
import { now, pairFor, sharedBytes, sharedSecret, token } from '../forge.ts'
import { outcomeOfToken } from '../later.ts'
import { outcomeLater, outcomeOf } from '../outcome.ts'

const key = secret('HS256', sharedSecret)
const policy = { issuer: null, audience: null, requireExp: false, now } as const
const make = (options: object): string =>
  outcomeOf(() => createVerifier({ keys: key, ...policy, ...options }))

const polluted: string[] = []
function pollute(members: object): void {
  for (const [name, value] of Object.entries(members)) {
    polluted.push(name)
    Object.defineProperty(Object.prototype, name, {
      value,
      configurable: true,
      enumerable: true,
      writable: true,
    })
  }
}
function clean(): void {
  for (const name of polluted.splice(0)) Reflect.deleteProperty(Object.prototype, name)
}
afterEach(clean)

test('T58 a polluted Object.prototype satisfies no claim and no option, and a claim named __proto__ pollutes nothing', async () => {
  const strict = createVerifier({ keys: key, issuer: 'i', audience: 'a', now })
  pollute({
    exp: 9e9,
    iss: 'i',
    aud: 'a',
    alg: 'none',
    typ: 'at+jwt',
    kid: 'x',
    requireExp: false,
    audience: null,
    allowWeakKey: true,
    algorithms: ['none'],
  })
  const outcomes = [
    await outcomeLater(() => strict.verify(token({}))),
    await outcomeLater(() => strict.verify(token({ iss: 'i', aud: 'a' }))),
    await outcomeLater(() => verifyJwt(token({}), key, { issuer: null, audience: null, now })),
    outcomeOf(() => createVerifier({ keys: key, issuer: null } as unknown as CreateVerifierOptions)),
    outcomeOf(() => secret('HS256', 'short')),
  ]
  clean()
  expect(outcomes).toEqual(['claim_missing', 'claim_missing', 'claim_missing', 'option_invalid', 'weak_key'])
  for (const payload of [
    '{"__proto__":{"exp":9999999999,"admin":true}}',
    '{"constructor":{"prototype":{"admin":true}}}',
  ])
    await outcomeLater(() => verifyJwt(token(payload), key, policy))
  expect(({} as { admin?: unknown }).admin).toBeUndefined()
  expect(
    await outcomeLater(() =>
      verifyJwt(token('{"__proto__":{"exp":9999999999}}'), key, { ...policy, requireExp: true }),
    ),
  ).not.toBe('accepted')
})

test('T59 every option is read once, and its value is what was checked', async () => {
  const reads: Record<string, number> = {}
  const counting = (values: Readonly<Record<string, unknown>>): object =>
    Object.defineProperties(
      {},
      Object.fromEntries(
        Object.entries(values).map(([name, value]) => [
          name,
          {
            enumerable: true,
            get: () => {
              reads[name] = (reads[name] ?? 0) + 1
              return reads[name] === 1 ? value : 'another value'
            },
          },
        ]),
      ),
    )
  const options = counting({
    keys: key,
    issuer: 'i',
    audience: ['a'],
    clockToleranceSeconds: 5,
    requireExp: false,
    now,
  }) as CreateVerifierOptions
  const verifier = createVerifier(options)
  expect(new Set(Object.values(reads))).toEqual(new Set([1]))
  expect(await outcomeLater(() => verifier.verify(token({ iss: 'i', aud: 'a' })))).toBe('accepted')
  const audience = ['a']
  const listed = createVerifier({ keys: key, ...policy, audience })
  audience[0] = 'evil'
  expect(await outcomeLater(() => listed.verify(token({ aud: 'evil' })))).toBe('claim_invalid')
})

test('T60 objects that turn into text are neither tokens, secrets nor names of algorithms', async () => {
  const value = token({})
  const disguises = (text: string): unknown[] => [
    { toString: () => text },
    { valueOf: () => text },
    { [Symbol.toPrimitive]: () => text },
    [text],
    new String(text),
    () => text,
  ]
  for (const disguise of disguises(value))
    expect(await outcomeOfToken(disguise as string, key)).toBe('malformed')
  for (const disguise of disguises(sharedSecret)) {
    expect(outcomeOf(() => secret('HS256', disguise as string))).toBe('key_invalid')
    expect(await outcomeOfToken(value, disguise as VerificationKey, { algorithms: ['HS256'] })).toBe(
      'key_invalid',
    )
  }
  for (const disguise of disguises('HS256')) {
    expect(outcomeOf(() => secret(disguise as 'HS256', sharedSecret))).toBe('option_invalid')
    expect(make({ algorithms: [disguise] })).toBe('option_invalid')
  }
})

test('T61 bytes, options and claims of another realm are what they are here', async () => {
  const foreign = <T>(source: string): T => runInNewContext(source) as T
  const bytes = foreign<(list: number[]) => Uint8Array>('(list) => Uint8Array.from(list)')([...sharedBytes])
  const own = secret('HS256', bytes)
  expect(encode(foreign<{ a: number }>('({ a: 1, list: [1, { b: 2 }] })'), own)).toBe(
    token({ a: 1, list: [1, { b: 2 }] }),
  )
  const options = foreign<{ issuer: null; audience: string[]; requireExp: boolean }>(
    '({ issuer: null, audience: ["x", "api"], requireExp: false })',
  )
  expect(await outcomeLater(() => verifyJwt(token({ aud: 'api' }), own, options))).toBe('accepted')
  expect(await outcomeLater(() => verifyJwt(token({ aud: 'b' }), own, options))).toBe('claim_invalid')
  expect(outcomeOf(() => encode({ exp: foreign<number>('new Date()') }, own))).toBe('claim_invalid')
})

test('T62 a secret in shared memory is copied before it is used', async () => {
  const shared = new Uint8Array(new SharedArrayBuffer(sharedBytes.length))
  shared.set(sharedBytes)
  const own = secret('HS256', shared)
  shared.fill(0)
  expect(encode({ a: 1 }, own)).toBe(token({ a: 1 }))
  const wrapped = new Uint8Array(new SharedArrayBuffer(32)).fill(7)
  wrapped[0] = 1
  const cipher = encryptionSecret('A256KW', wrapped)
  const sealed = encryptJwt({}, cipher, { expiresIn: null })
  wrapped.fill(0)
  expect(await outcomeLater(() => sealed)).toBe('accepted')
})

test('T63 a buffer that shrinks or is gone is key_invalid, or was copied in time', () => {
  const buffer = Reflect.construct(ArrayBuffer, [64, { maxByteLength: 200 }]) as ArrayBuffer & {
    resize(length: number): void
  }
  const view = new Uint8Array(buffer)
  view.set(sharedBytes)
  const own = secret('HS256', view)
  buffer.resize(10)
  expect(encode({ a: 1 }, own)).toBe(token({ a: 1 }))
  const part = new Uint8Array(
    Reflect.construct(ArrayBuffer, [100, { maxByteLength: 200 }]) as typeof buffer,
    20,
    64,
  ).fill(7)
  part.buffer.resize(10)
  expect(outcomeOf(() => secret('HS256', part))).toBe('key_invalid')
})

test('T64 half a character in a claim is refused, not replaced', async () => {
  for (const text of ['\ud800', 'a\udc00', '\udc00\ud800', 'x\ud83d']) {
    for (const claims of [{ sub: text }, { [text]: 1 }, { deep: [{ a: text }] }]) {
      expect(outcomeOf(() => encode(claims, key))).toBe('claim_invalid')
      expect(await outcomeLater(() => signJwt(claims, key, { expiresIn: null }))).toBe('claim_invalid')
    }
  }
  expect(await outcomeOfToken(token('{"sub":"\\ud800"}'), key)).toBe('malformed')
  expect(outcomeOf(() => encode({ sub: '👋' }, key))).toBe('accepted')
})

test('T65 what toJSON gives is what is signed, and has to be an object of claims', () => {
  expect(encode({ when: { toJSON: () => 5 } }, key)).toBe(token({ when: 5 }))
  expect(encode({ toJSON: () => ({ sub: 'a' }) }, key)).toBe(token({ sub: 'a' }))
  for (const value of [null, 'text', 5, [1], undefined])
    expect(outcomeOf(() => encode({ toJSON: () => value }, key))).toBe('claim_invalid')
  expect(outcomeOf(() => encode({ toJSON: () => ({ exp: 'soon' }) }, key))).toBe('claim_invalid')
})

test('T66 values that JSON has no word for are refused, not left out', async () => {
  const circle: Record<string, unknown> = {}
  circle['self'] = circle
  for (const value of [1n, undefined, () => 1, Symbol('x'), Number.NaN, Infinity, -Infinity]) {
    for (const claims of [{ a: value }, { deep: { a: [value] } }, { exp: value }]) {
      expect(outcomeOf(() => encode(claims as Record<string, unknown>, key))).toBe('claim_invalid')
      expect(
        await outcomeLater(() => signJwt(claims as Record<string, unknown>, key, { expiresIn: null })),
      ).toMatch(/^(claim_invalid|option_invalid)$/)
    }
  }
  expect(outcomeOf(() => encode(circle, key))).toBe('claim_invalid')
})

test('T67 a misspelt option, or one that is undefined or empty, is refused where the verifier is made', async () => {
  for (const options of [
    { audiance: 'x' },
    { Audience: 'x' },
    { aud: 'x' },
    { ignoreExpiration: true },
    { complete: true },
  ])
    expect([options, make(options)]).toEqual([options, 'option_invalid'])
  for (const name of [
    'audience',
    'issuer',
    'subject',
    'typ',
    'required',
    'maxAgeSeconds',
    'clockToleranceSeconds',
    'algorithms',
  ])
    expect([name, make({ [name]: undefined })]).toEqual([name, 'option_invalid'])
  for (const name of ['audience', 'issuer'])
    for (const value of ['', [], ['']])
      expect([name, make({ [name]: value })]).toEqual([name, 'option_invalid'])
  expect(outcomeOf(() => createVerifier({ keys: key } as unknown as CreateVerifierOptions))).toBe(
    'option_invalid',
  )
  const others = [
    () => encode({}, key, { expiresin: '1h' } as object as { expiresIn: '1h' }),
    () => signJwt({}, key, { expiresIn: undefined } as object as { expiresIn: null }),
    () => importKey(pairFor('ES256').publicJwk, { alg: 'ES256' } as never),
    () => generateKey('ES256', { extractible: true } as never),
    () => createRemoteJwkSet('https://issuer.example', { timeout: 5 } as never),
    () => createDpopProof(undefined as never, { htm: 'GET' } as never),
  ]
  for (const other of others) expect(await outcomeLater(other)).toMatch(/^(option_invalid|key_invalid)$/)
})

test('T68 signing overwrites no alg and no kid that was given', async () => {
  const pair = await generateKey('ES256', { extractable: true })
  const named = await importKey(
    { ...(await exportJwk(pair)), kid: 'own' },
    { type: 'private', algorithm: 'ES256' },
  )
  const headerOf = (value: string): unknown =>
    JSON.parse(Buffer.from(value.split('.')[0] ?? '', 'base64url').toString())
  expect(headerOf(await signJwt({}, named, { expiresIn: null }))).toMatchObject({ alg: 'ES256', kid: 'own' })
  expect(headerOf(encode({}, key, { header: { kid: 'mine' } }))).toMatchObject({ alg: 'HS256', kid: 'mine' })
  for (const alg of ['none', 'HS512', 'RS256', null, 5])
    expect(outcomeOf(() => encode({}, key, { header: { alg } }))).toBe('option_invalid')
})
