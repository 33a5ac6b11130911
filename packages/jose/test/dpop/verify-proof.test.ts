import { describe, expect, test } from 'vitest'
import { createMemoryReplayStore, verifyDpopProof } from '../../src/dpop/index.ts'
import type { ReplayStore, VerifyDpopProofOptions } from '../../src/dpop/index.ts'
import { calculateThumbprint, type JoseError, signJwt, verifyJwt } from '../../src/index.ts'
import { importKey } from '../../src/jwk/index.ts'
import { forge, now, pairFor, segment, sharedBytes } from '../forge.ts'
import { outcomeLater, rejection } from '../outcome.ts'
import { accessToken, expected, hashOf, method, proofWith, publicMembers, url } from './proofs.ts'

const thumbprint = await calculateThumbprint(publicMembers() as { kty: string })
const ath = hashOf(accessToken)

/** The outcome of checking a proof: `accepted`, or the code with the claim it is about. */
async function verdictOf(proof: unknown, options: object = {}): Promise<string> {
  try {
    await verifyDpopProof(proof as string, { ...expected, ...options })
    return 'accepted'
  } catch (error) {
    const { code, claim, message } = error as JoseError
    return code === undefined ? message : claim === undefined ? code : `${code} ${claim}`
  }
}

describe('verifyDpopProof (RFC 9449 §4.3)', () => {
  test('gives thumbprint, key and claims of a good proof, the claims frozen', async () => {
    const verified = await verifyDpopProof(proofWith(), expected)
    expect(verified.thumbprint).toBe(thumbprint)
    expect(verified.publicKey).toMatchObject({ type: 'public', algorithm: 'ES256' })
    expect(verified.claims).toEqual({ jti: 'a name of its own', htm: method, htu: url, iat: now })
    expect(Object.isFrozen(verified.claims)).toBe(true)
  })

  test('check 1: two header fields, joined as HTTP joins them, are no proof', async () => {
    expect(await verdictOf(`${proofWith()}, ${proofWith()}`)).toBe('malformed')
  })

  test.each([
    ['undefined, from a header that is not there', undefined],
    ['null', null],
    ['an empty header', ''],
    ['an array', [proofWith()]],
    ['two parts', 'a.b'],
    ['a proof with a space behind it', `${proofWith()} `],
    [
      'a proof whose payload is an array',
      forge({ typ: 'dpop+jwt', alg: 'ES256', jwk: publicMembers() }, [], signer()),
    ],
    [
      'a proof whose payload is no JSON',
      forge({ typ: 'dpop+jwt', alg: 'ES256', jwk: publicMembers() }, '{', signer()),
    ],
  ])('check 2: %s is no well-formed JWT', async (_title, proof) => {
    expect(await verdictOf(proof)).toBe('malformed')
  })

  test.each(['jti', 'htm', 'htu', 'iat'])('check 3: a proof without %s is refused', async (claim) => {
    expect(await verdictOf(proofWith({ claims: { [claim]: undefined } }))).toBe(`claim_missing ${claim}`)
  })

  test.each([
    ['jti', 5],
    ['jti', ''],
    ['htm', ['POST']],
    ['htm', null],
    ['htu', { href: url }],
    ['iat', `${now}`],
    ['iat', null],
    ['iat', now * 1000],
    ['exp', 'never'],
  ])('check 3: %s of %j is refused', async (claim, value) => {
    expect(await verdictOf(proofWith({ claims: { [claim]: value } }))).toBe(`claim_invalid ${claim}`)
  })

  test.each([[undefined], ['JWT'], ['at+jwt'], ['dpop'], ['dpop+jwt+x']])(
    'check 4: typ %j is refused',
    async (typ) => {
      expect(await verdictOf(proofWith({ header: { typ } }))).toBe('typ_mismatch')
    },
  )

  test.each([['DPoP+JWT'], ['application/dpop+jwt']])(
    'check 4: typ %s is the same media type',
    async (typ) => {
      expect(await verdictOf(proofWith({ header: { typ } }))).toBe('accepted')
    },
  )

  test.each([['none'], ['HS256'], ['ES257'], ['es256']])('check 5: alg %s is refused', async (alg) => {
    const header = { typ: 'dpop+jwt', alg, jwk: publicMembers() }
    const proof = forge(header, { jti: 'x', htm: method, htu: url, iat: now }, { key: sharedBytes })
    expect(await verdictOf(proof)).toBe('alg_not_allowed')
  })

  test('check 5: an HMAC under the public key, or under a key that it brings, is refused', async () => {
    const claims = { jti: 'x', htm: method, htu: url, iat: now }
    const oct = { kty: 'oct', k: segment(sharedBytes) }
    for (const jwk of [publicMembers(), oct]) {
      const key = Buffer.from(JSON.stringify(jwk))
      expect(await verdictOf(forge({ typ: 'dpop+jwt', alg: 'HS256', jwk }, claims, { key }))).toBe(
        'alg_not_allowed',
      )
    }
  })

  test('check 5: an algorithm that the server does not list is refused', async () => {
    expect(await verdictOf(proofWith(), { algorithms: ['ES384', 'Ed25519'] })).toBe('alg_not_allowed')
    expect(await verdictOf(proofWith(), { algorithms: ['ES384', 'ES256'] })).toBe('accepted')
  })

  test('check 6: a signature by another key than the one in the header is refused', async () => {
    expect(await verdictOf(proofWith({ header: { jwk: publicMembers('ES256', 'another') } }))).toBe(
      'bad_signature',
    )
  })

  test('check 6: a proof with a changed claim is refused', async () => {
    const [header, , signature] = proofWith().split('.')
    const claims = segment({ jti: 'x', htm: 'DELETE', htu: url, iat: now })
    expect(await verdictOf(`${header}.${claims}.${signature}`, { method: 'DELETE' })).toBe('bad_signature')
  })

  test('check 6: an extension that must be understood and is not is refused', async () => {
    expect(await verdictOf(proofWith({ header: { crit: ['x'], x: 1 } }))).toBe('crit_unsupported')
  })

  test.each(['GET', 'POSTS', 'PATCH'])(
    'check 8: a proof for another method than %s is refused',
    async (other) => {
      expect(await verdictOf(proofWith(), { method: other })).toBe('claim_invalid htm')
    },
  )

  test('check 8: methods are compared with their case', async () => {
    expect(await verdictOf(proofWith({ claims: { htm: 'post' } }))).toBe('claim_invalid htm')
  })

  test.each([
    ['another path', 'https://server.example.com/tokens'],
    ['a path below', 'https://server.example.com/token/x'],
    ['another case of the path', 'https://server.example.com/Token'],
    ['a slash behind', 'https://server.example.com/token/'],
    ['another host', 'https://server.example.com.evil.example/token'],
    ['another port', 'https://server.example.com:8443/token'],
    ['another scheme', 'http://server.example.com/token'],
    ['a user', 'https://x@server.example.com/token'],
    ['no URL', 'token'],
    ['an encoded slash', 'https://server.example.com%2Ftoken'],
  ])('check 9: a proof for %s is refused', async (_title, htu) => {
    expect(await verdictOf(proofWith({ claims: { htu } }))).toBe('claim_invalid htu')
  })

  test.each([
    ['https://server.example.com/token?grant=x#y'],
    ['HTTPS://SERVER.example.com:443/token'],
    ['https://server.example.com/%74oken'],
    ['https://server.example.com/x/../token'],
  ])('check 9: a proof for %s is for the same resource', async (htu) => {
    expect(await verdictOf(proofWith({ claims: { htu } }))).toBe('accepted')
  })

  test('check 9: the query of the request is not part of it', async () => {
    expect(await verdictOf(proofWith(), { url: new URL('https://server.example.com/token?x=1') })).toBe(
      'accepted',
    )
  })

  test('check 10: a nonce that the server wants must be there and be its own, told apart by the claim', async () => {
    expect(await verdictOf(proofWith(), { nonce: 'n-2' })).toBe('claim_missing nonce')
    const proof = proofWith({ claims: { nonce: 'n-1' } })
    expect(await verdictOf(proof, { nonce: 'n-2' })).toBe('claim_invalid nonce')
    expect(await verdictOf(proof, { nonce: ['n-2', 'n-1'] })).toBe('accepted')
    expect(await verdictOf(proof, { nonce: 'n-1' })).toBe('accepted')
    expect(await verdictOf(proof)).toBe('accepted')
    expect(await verdictOf(proofWith({ claims: { nonce: ['n-1'] } }), { nonce: 'n-1' })).toBe(
      'claim_invalid nonce',
    )
  })

  test.each([
    [0, 'accepted'],
    [60, 'accepted'],
    [60.5, 'too_old iat'],
    [3600, 'too_old iat'],
    [-60, 'accepted'],
    [-61, 'not_yet_valid iat'],
  ])('check 11: a proof that is %d seconds old is %s', async (age, verdict) => {
    expect(await verdictOf(proofWith(), { now: now + age })).toBe(verdict)
  })

  test('check 11: the window is what the options say', async () => {
    expect(await verdictOf(proofWith(), { now: now + 5, maxAgeSeconds: 4 })).toBe('too_old iat')
    expect(await verdictOf(proofWith(), { now: now + 5, maxAgeSeconds: 4, clockToleranceSeconds: 1 })).toBe(
      'accepted',
    )
    expect(await verdictOf(proofWith(), { now: now - 90, clockToleranceSeconds: 90 })).toBe('accepted')
  })

  test('check 11: a proof that says itself when it ends has ended then', async () => {
    expect(await verdictOf(proofWith({ claims: { exp: now } }))).toBe('expired exp')
    expect(await verdictOf(proofWith({ claims: { nbf: now + 1 } }))).toBe('not_yet_valid nbf')
  })

  test('check 12a: with an access token the proof must hold its hash', async () => {
    const options = { accessToken, expectedThumbprint: thumbprint }
    expect(await verdictOf(proofWith(), options)).toBe('claim_missing ath')
    expect(await verdictOf(proofWith({ claims: { ath } }), options)).toBe('accepted')
    for (const other of [hashOf(`${accessToken}x`), `${ath}=`, ath.slice(1), '', accessToken, 5]) {
      expect(await verdictOf(proofWith({ claims: { ath: other } }), options)).toBe('claim_invalid ath')
    }
  })

  test('check 12b: the access token must be bound to the key of the proof', async () => {
    const proof = proofWith({ claims: { ath } })
    const other = await calculateThumbprint(publicMembers('ES256', 'another') as { kty: string })
    expect(await verdictOf(proof, { accessToken, expectedThumbprint: other })).toBe('claim_invalid cnf')
    expect(await verdictOf(proof, { accessToken, expectedThumbprint: undefined })).toBe('claim_missing cnf')
    expect(await verdictOf(proof, { accessToken, expectedThumbprint: null })).toBe('accepted')
  })

  test('the checks come in the order of the RFC, the first that fails gives the answer', async () => {
    const options = { nonce: 'n', accessToken, expectedThumbprint: 'other', replayStore: usedUp() }
    const claims: Record<string, unknown> = {
      htm: 'GET',
      htu: 'https://other.example/',
      iat: now - 99,
      jti: undefined,
    }
    const header = { typ: 'JWT', jwk: publicMembers('ES256', 'another') }
    const verdicts = [await verdictOf(proofWith({ claims, header }), options)]
    for (const [part, value] of [
      ['jwk', publicMembers()],
      ['typ', 'dpop+jwt'],
    ] as const) {
      Object.assign(header, { [part]: value })
      verdicts.push(await verdictOf(proofWith({ claims, header }), options))
    }
    const repairs = { jti: 'x', htm: method, htu: url, nonce: 'n', iat: now, ath }
    for (const [claim, value] of Object.entries(repairs)) {
      claims[claim] = value
      verdicts.push(await verdictOf(proofWith({ claims, header }), options))
    }
    verdicts.push(
      await verdictOf(proofWith({ claims, header }), { ...options, expectedThumbprint: thumbprint }),
    )
    expect(verdicts).toEqual([
      'bad_signature',
      'typ_mismatch',
      'claim_missing jti',
      'claim_invalid htm',
      'claim_invalid htu',
      'claim_missing nonce',
      'too_old iat',
      'claim_missing ath',
      'claim_invalid cnf',
      'replayed jti',
    ])
  })
})

describe('a proof is used once (RFC 9449 §11.1)', () => {
  test('the second time it is a replay', async () => {
    const replayStore = createMemoryReplayStore({ now })
    expect(await verdictOf(proofWith(), { replayStore })).toBe('accepted')
    expect(await verdictOf(proofWith(), { replayStore })).toBe('replayed jti')
    expect(await verdictOf(proofWith({ claims: { jti: 'another' } }), { replayStore })).toBe('accepted')
  })

  test('a jti belongs to its key: another client may happen to use the same', async () => {
    const replayStore = createMemoryReplayStore({ now })
    expect(await verdictOf(proofWith(), { replayStore })).toBe('accepted')
    expect(await verdictOf(proofWith({ algorithm: 'Ed25519' }), { replayStore })).toBe('accepted')
  })

  test('is remembered for as long as it could pass, whatever its clock said', async () => {
    let present = now
    const clock = (): number => present
    for (const [ahead, options] of [
      [0, {}],
      [60, {}],
      [0.5, { maxAgeSeconds: 7.25, clockToleranceSeconds: 3 }],
    ] as const) {
      present = now
      const replayStore = createMemoryReplayStore({ now: clock })
      const proof = proofWith({ claims: { iat: now + ahead } })
      expect(await verdictOf(proof, { replayStore, now: clock, ...options })).toBe('accepted')
      for (; present < now + 200; present += 0.25) {
        expect(await verdictOf(proof, { replayStore, now: clock, ...options })).not.toBe('accepted')
      }
    }
  })

  test('two at a time are not both accepted', async () => {
    const replayStore = createMemoryReplayStore({ now })
    const verdicts = await Promise.all(
      Array.from({ length: 8 }, () => verdictOf(proofWith(), { replayStore })),
    )
    expect(verdicts.filter((verdict) => verdict === 'accepted')).toHaveLength(1)
  })

  test('a proof that is refused for something else uses nothing up', async () => {
    const replayStore = createMemoryReplayStore({ now })
    expect(await verdictOf(proofWith(), { replayStore, method: 'GET' })).toBe('claim_invalid htm')
    expect(await verdictOf(proofWith(), { replayStore, expectedThumbprint: 'other' })).toBe(
      'claim_invalid cnf',
    )
    expect(await verdictOf(proofWith(), { replayStore })).toBe('accepted')
  })

  test('the store is handed a hash of 43 characters, however long the jti is', async () => {
    const seen: unknown[] = []
    const replayStore: ReplayStore = { remember: async (...entry) => seen.push(entry) > 0 }
    expect(await verdictOf(proofWith({ claims: { jti: 'x'.repeat(8000) } }), { replayStore })).toBe(
      'accepted',
    )
    expect(seen).toEqual([[expect.stringMatching(/^[\w-]{43}$/), now + 61]])
  })

  test('a store that fails decides nothing', async () => {
    const fails = { remember: () => Promise.reject(new Error('connection refused')) }
    const { code, cause } = await rejection(verifyDpopProof(proofWith(), { ...expected, replayStore: fails }))
    expect({ code, cause }).toEqual({ code: 'keys_unavailable', cause: new Error('connection refused') })
  })

  test.each([['OK'], [1], [null], [undefined]])(
    'a store that answers %j is a mistake, not an acceptance',
    async (answer) => {
      const replayStore = { remember: () => answer }
      expect(await verdictOf(proofWith(), { replayStore })).toBe('option_invalid')
    },
  )
})

describe('what the caller did not decide is refused', () => {
  test.each(['method', 'url', 'accessToken', 'expectedThumbprint', 'replayStore'])(
    '%s must be given',
    async (name) => {
      const { [name as 'url']: _left, ...rest } = expected
      const options = rest as unknown as VerifyDpopProofOptions
      expect(await outcomeLater(() => verifyDpopProof(proofWith(), options))).toBe('option_invalid')
    },
  )

  test.each([
    { method: 'post' },
    { method: undefined },
    { url: '/token' },
    { url: 'https://bücher.example/' },
    { accessToken: '' },
    { accessToken: undefined },
    { expectedThumbprint: '' },
    { expectedThumbprint: 5 },
    { replayStore: {} },
    { replayStore: 5 },
    { replayStore: undefined },
    { nonce: '' },
    { nonce: [] },
    { nonce: undefined },
    { nonce: null },
    { maxAgeSeconds: -1 },
    { maxAgeSeconds: Number.POSITIVE_INFINITY },
    { maxAgeSeconds: Number.NaN },
    { clockToleranceSeconds: '5' },
    { clockToleranceSeconds: 3601 },
    { algorithms: [] },
    { algorithms: ['HS256'] },
    { algorithms: ['ES256', 'HS256'] },
    { algorithms: ['none'] },
    { algorithms: 'ES256' },
    { now: Number.NaN },
    { now: undefined },
    { acessToken: null },
  ])('refuses %o', async (options) => {
    expect(await verdictOf(proofWith(), options)).toBe('option_invalid')
  })
})

describe('a proof is no access token, and an access token is no proof', () => {
  test('verifyJwt refuses a proof, although its key is trusted', async () => {
    const key = await importKey(pairFor('ES256').publicJwk)
    const proof = proofWith({ claims: { iss: 'i', aud: 'a', sub: 's', exp: now + 60 } })
    const options = { issuer: 'i', audience: 'a', now }
    expect((await rejection(verifyJwt(proof, key as never, options))).code).toBe('typ_mismatch')
  })

  test('verifyDpopProof refuses an access token of the server, which brings no key', async () => {
    const key = await importKey(pairFor('ES256').privateJwk, { type: 'private' })
    const token = await signJwt({ jti: 'x', htm: method, htu: url }, key, {
      expiresIn: '1m',
      typ: 'at+jwt',
      now,
    })
    expect(await verdictOf(token)).toBe('malformed')
  })
})

/** An answer of a store that has seen everything. */
function usedUp(): ReplayStore {
  return { remember: () => false }
}

function signer(): { algorithm: string; key: unknown } {
  return { algorithm: 'ES256', key: pairFor('ES256').privateKey }
}
