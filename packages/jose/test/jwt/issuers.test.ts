/** Several issuers, one verifier: the `iss` of a token picks who judges it and proves nothing. */
import { describe, expect, test } from 'vitest'
import { secret } from '../../src/jwk/secret.ts'
import { createLocalJwkSet } from '../../src/jwks/local.ts'
import { createVerifier, type IssuerPolicy } from '../../src/jwt/verifier.ts'
import { forge, now, pairFor, sharedSecret } from '../forge.ts'
import { isSynchronous, verifyLater } from '../later.ts'
import { outcomeLater, outcomeOf, refusal, rejection } from '../outcome.ts'

const [a, b] = [pairFor('ES256', 'a'), pairFor('ES256', 'b')]
const [issuerA, issuerB] = ['https://a.example', 'https://b.example']
const claimsOf = (iss: unknown, more: object = {}): object => ({ iss, aud: 'api', exp: now + 60, ...more })
const signedBy = (pair: typeof a, iss: unknown, more: object = {}): string =>
  forge({ alg: 'ES256', kid: pair.publicJwk.kid }, claimsOf(iss, more), {
    algorithm: 'ES256',
    key: pair.privateKey,
  })

const policyA = {
  issuer: issuerA,
  keys: createLocalJwkSet({ keys: [a.publicJwk] }),
  audience: 'api',
  now,
} as const
const policyB = {
  issuer: issuerB,
  keys: createLocalJwkSet({ keys: [b.publicJwk] }),
  audience: 'api',
  now,
} as const
const verifier = createVerifier([policyA, policyB])

describe('P27: a list of policies', () => {
  test('judges a token by the policy of its issuer', async () => {
    expect((await verifyLater(verifier, signedBy(a, issuerA))).claims.iss).toBe(issuerA)
    expect((await verifier.verify(signedBy(b, issuerB))).claims.iss).toBe(issuerB)
    if (isSynchronous) expect(verifier.safeVerifySync(signedBy(a, issuerA))).toMatchObject({ ok: true })
    expect(await verifier.safeVerify(signedBy(b, issuerB, { exp: now }))).toMatchObject({ code: 'expired' })
  })

  test('never takes the key of one issuer for the name of another (RFC 8725 §3.8)', async () => {
    expect(await outcomeLater(() => verifyLater(verifier, signedBy(a, issuerB)))).toBe('key_not_found')
    expect(await outcomeLater(() => verifyLater(verifier, signedBy(b, issuerA)))).toBe('key_not_found')
    const nameless = [policyA, policyB].map((policy, index) => {
      const { kid: _kid, ...jwk } = (index === 0 ? a : b).publicJwk
      return { ...policy, keys: createLocalJwkSet({ keys: [jwk] }) }
    })
    const token = forge({ alg: 'ES256' }, claimsOf(issuerB), { algorithm: 'ES256', key: a.privateKey })
    expect(await outcomeLater(() => verifyLater(createVerifier(nameless), token))).toBe('bad_signature')
  })

  test.each([
    ['another issuer', 'https://c.example'],
    ['one that begins alike', `${issuerA}/`],
    ['one that ends alike', 'xhttps://a.example'],
    ['another case', 'HTTPS://a.example'],
    ['an empty one', ''],
    ['a list', [issuerA]],
    ['a number', 5],
    ['null', null],
    ['none', undefined],
    ['a name that every object has', '__proto__'],
  ])('%s: key_not_found, and not a word about the issuer', async (_name, iss) => {
    for (const pair of [a, b]) {
      const error = await rejection(verifyLater(verifier, signedBy(pair, iss)))
      expect(error.code).toBe('key_not_found')
      expect(error.message).toBe('no key fits the token')
      expect(error).not.toHaveProperty('claim')
      expect(verifier.safeVerifySync(signedBy(pair, iss))).not.toHaveProperty('authentic')
    }
  })

  test('an issuer that stands in the token twice, or in its header alone, picks nobody', async () => {
    const twice = `{"iss":"https://x","iss":"${issuerA}","aud":"api","exp":${now + 60}}`
    const token = forge({ alg: 'ES256', kid: 'a' }, twice, { algorithm: 'ES256', key: a.privateKey })
    expect(await outcomeLater(() => verifyLater(verifier, token))).toBe('malformed')
    const inHeader = forge({ alg: 'ES256', kid: 'a', iss: issuerA }, claimsOf(undefined), {
      algorithm: 'ES256',
      key: a.privateKey,
    })
    expect(await outcomeLater(() => verifyLater(verifier, inHeader))).toBe('key_not_found')
  })

  test('says the same wherever the issuer stands among the claims, and however many issuers there are', async () => {
    const names = [
      'https://a.example',
      'https://b.example',
      'https://a.example/x',
      'https://é.example',
      'a',
      'a"b',
    ]
    const more = Array.from({ length: 40 }, (_, index) => `https://tenant-${index}.issuer.example/oauth2`)
    const all = [...names, ...more]
    const keyOf = (index: number): string => `${sharedSecret}${index}`
    const many = createVerifier(
      all.map((issuer, index) => ({ keys: secret('HS256', keyOf(index)), issuer, audience: 'api', now })),
    )
    const verdict = async (claims: string, index: number): Promise<string> => {
      const key = new TextEncoder().encode(keyOf(index))
      return outcomeLater(() => verifyLater(many, forge({ alg: 'HS256' }, claims, { key })))
    }
    for (const [index, issuer] of all.entries()) {
      const [iss, rest] = [`"iss":${JSON.stringify(issuer)}`, `"aud":"api","exp":${now + 60}`]
      const other = `"iss":${JSON.stringify(all[(index + 1) % all.length])}`
      for (const good of [`{${iss},${rest}}`, `{${rest},${iss}}`, `{ ${iss} , ${rest}}`]) {
        expect(await verdict(good, index)).toBe('accepted')
        expect(await verdict(good, index + 1)).toBe('bad_signature')
        expect(await verdict(good.replace('api', 'apo'), index)).toBe('claim_invalid')
      }
      // Named twice: the last one is who judges, as for every reader that takes the last.
      expect(await verdict(`{${iss},${rest},${other}}`, (index + 1) % all.length)).toBe('malformed')
      expect(await verdict(`{${iss},${rest},${other}}`, index)).toBe('bad_signature')
    }
  })

  test('a polluted Object.prototype names no issuer', () => {
    try {
      Object.defineProperty(Object.prototype, 'iss', { value: issuerA, configurable: true, writable: true })
      expect(outcomeOf(() => verifier.verifySync(signedBy(a, undefined)))).toBe('key_not_found')
    } finally {
      Reflect.deleteProperty(Object.prototype, 'iss')
    }
  })

  test('keeps the order of checks: shape and header come before the issuer is asked about', async () => {
    const unknown = signedBy(a, 'https://c.example')
    const [, payload, signature] = unknown.split('.') as [string, string, string]
    const none = forge({ alg: 'none' }, claimsOf('https://c.example'))
    const critical = forge({ alg: 'ES256', crit: ['x'], x: 1 }, claimsOf('https://c.example'))
    const cases: readonly [unknown, string][] = [
      ['', 'malformed'],
      [undefined, 'malformed'],
      [5, 'malformed'],
      [{ toString: () => unknown }, 'malformed'],
      [`Bearer ${unknown}`, 'malformed'],
      [`.${payload}.${signature}`, 'malformed'],
      [`e30.${payload}.${signature}`, 'malformed'],
      [`${unknown}.`, 'malformed'],
      [`${unknown}=`, 'malformed'],
      ['x'.repeat(70_000), 'too_large'],
      [none, 'alg_not_allowed'],
      [critical, 'crit_unsupported'],
    ]
    for (const [token, code] of cases)
      expect(await outcomeLater(() => verifyLater(verifier, token as string))).toBe(code)
  })

  test('tells nothing of the claims of a forged token', async () => {
    const forged = (iss: unknown, more: object): string => `${signedBy(a, iss, more).slice(0, -10)}AAAAAAAAAA`
    for (const more of [{ exp: now - 1 }, { aud: 'other' }, { nbf: 'x' }, {}])
      expect(await outcomeLater(() => verifyLater(verifier, forged(issuerA, more)))).toBe('bad_signature')
    for (const more of [{ exp: now - 1 }, { aud: 'other' }, { nbf: 'x' }, {}])
      expect(await outcomeLater(() => verifyLater(verifier, forged('https://c.example', more)))).toBe(
        'key_not_found',
      )
  })

  test('each policy has its own algorithms, typ, audience, profile and clock', async () => {
    const own = createVerifier([
      { ...policyA, profile: 'at+jwt' },
      { ...policyB, audience: 'other', typ: 'x+jwt', algorithms: ['ES384'] },
      { issuer: 'inside', keys: secret('HS256', sharedSecret), audience: 'api', now: now + 3600 },
    ])
    expect(await outcomeLater(() => verifyLater(own, signedBy(a, issuerA)))).toBe('typ_mismatch')
    expect(await outcomeLater(() => verifyLater(own, signedBy(b, issuerB)))).toBe('alg_not_allowed')
    const inside = forge({ alg: 'HS256' }, claimsOf('inside'))
    expect(await outcomeLater(() => verifyLater(own, inside))).toBe('expired')
    expect(await outcomeLater(() => verifyLater(own, forge({ alg: 'HS256' }, claimsOf(issuerA))))).toBe(
      'key_not_found',
    )
  })

  test('one policy may have several names for its issuer', async () => {
    const google = createVerifier([{ ...policyA, issuer: [issuerA, 'a.example'] }, policyB])
    expect((await verifyLater(google, signedBy(a, 'a.example'))).claims.iss).toBe('a.example')
    expect((await verifyLater(google, signedBy(a, issuerA))).claims.iss).toBe(issuerA)
  })

  test.each([
    ['no policy', []],
    ['two policies of one issuer', [policyA, { ...policyB, issuer: issuerA }]],
    ['two policies that share a name', [{ ...policyA, issuer: [issuerA, issuerB] }, policyB]],
    ['one policy that names its issuer twice', [{ ...policyA, issuer: [issuerA, issuerA] }]],
    ['a policy that waives the issuer', [policyA, { ...policyB, issuer: null }]],
    ['a policy without issuer', [{ keys: policyA.keys, audience: 'api' }]],
    ['a policy without audience', [{ keys: policyA.keys, issuer: issuerA }]],
    ['an undefined audience', [{ ...policyA, audience: undefined }]],
    ['a misspelt option', [{ ...policyA, audiance: 'api' }]],
    ['no object', [policyA, undefined]],
    ['a list in the list', [[policyA]]],
    ['a hole', Object.assign([policyA], { length: 2 })],
  ])('%s is option_invalid at construction', (_name, policies) => {
    expect(outcomeOf(() => createVerifier(policies as unknown as IssuerPolicy[]))).toBe('option_invalid')
  })

  test('says which policy is wrong', () => {
    const wrong = [policyA, { ...policyB, audiance: 'x' }] as IssuerPolicy[]
    expect(refusal(() => createVerifier(wrong)).message).toContain(
      'createVerifier[1]: there is no option "audiance"',
    )
    const missing = [policyA, { ...policyB, keys: undefined }] as unknown as IssuerPolicy[]
    const error = refusal(() => createVerifier(missing))
    expect([error.code, error.message]).toEqual(['key_invalid', expect.stringContaining('createVerifier[1]')])
  })

  test('is read once: what becomes of the list afterwards changes nothing', async () => {
    const list: IssuerPolicy[] = [policyA]
    const fixed = createVerifier(list)
    list.push(policyB)
    expect(await outcomeLater(() => verifyLater(fixed, signedBy(b, issuerB)))).toBe('key_not_found')
  })

  test('asks no key set for a stranger', async () => {
    let asked = 0
    const keys = { selectKeys: () => ((asked += 1), []) }
    const counting = createVerifier([{ issuer: issuerA, audience: 'api', keys }])
    expect(await outcomeLater(() => counting.verify(signedBy(a, 'https://c.example')))).toBe('key_not_found')
    expect(asked).toBe(0)
    expect(await outcomeLater(() => counting.verify(signedBy(a, issuerA)))).toBe('key_not_found')
    expect(asked).toBe(1)
  })

  test('nor for one whose name differs from that of an issuer in one character', async () => {
    const names = Array.from({ length: 40 }, (_, index) => `https://tenant-${10 + index}.example`)
    let asked = 0
    const keys = { selectKeys: () => ((asked += 1), []) }
    const counting = createVerifier(names.map((issuer) => ({ issuer, audience: 'api', keys })))
    const own = createVerifier(
      names.map((issuer) => ({ issuer, audience: 'api', now, keys: secret('HS256', sharedSecret) })),
    )
    const [name = ''] = names
    for (let at = 0; at < name.length; at += 1) {
      const alike = name.slice(0, at) + (name[at] === 'x' ? 'y' : 'x') + name.slice(at + 1)
      const token = forge({ alg: 'HS256' }, claimsOf(alike))
      expect(await outcomeLater(() => counting.verify(token))).toBe('key_not_found')
      expect(await outcomeLater(() => own.verify(token))).toBe('key_not_found')
    }
    expect(asked).toBe(0)
    expect(await outcomeLater(() => own.verify(forge({ alg: 'HS256' }, claimsOf(name))))).toBe('accepted')
  })
})
