/** Kinds of token, each with rules that no other kind meets (RFC 8725 §3.12, RFC 8725bis "mutually exclusive rules"). */
import { describe, expect, test } from 'vitest'
import { secret } from '../../src/jwk/secret.ts'
import { createVerifier, type CreateVerifierOptions } from '../../src/jwt/verifier.ts'
import type { ProfileName } from '../../src/jwt/profiles.ts'
import { profileNames } from '../../src/jwt/profiles.ts'
import { forge, now, sharedSecret } from '../forge.ts'
import { outcomeOf, refusal } from '../outcome.ts'

const key = secret('HS256', sharedSecret)
const logout = 'http://schemas.openid.net/event/backchannel-logout'
const common = { iss: 'https://i', aud: 'a', iat: now, exp: now + 60 }

/** A good token of each kind: all that its standard asks for, and what it allows beside. */
const good: Readonly<
  Record<ProfileName, { typ: string | undefined; claims: Readonly<Record<string, unknown>> }>
> = {
  'at+jwt': {
    typ: 'at+jwt',
    claims: { ...common, sub: 's', client_id: 'c', jti: 'j', scope: 'a b', auth_time: now - 9, amr: ['pwd'] },
  },
  id_token: { typ: 'JWT', claims: { ...common, sub: 's', auth_time: now - 9, acr: '1', azp: 'a', sid: 'x' } },
  'logout+jwt': {
    typ: 'logout+jwt',
    claims: { ...common, sub: 's', sid: 'x', jti: 'j', events: { [logout]: {} } },
  },
  'dpop+jwt': {
    typ: 'dpop+jwt',
    claims: { jti: 'j', htm: 'GET', htu: 'https://api/x', iat: now, ath: 'h', nonce: 'n' },
  },
  'secevent+jwt': {
    typ: 'secevent+jwt',
    claims: {
      iss: 'https://i',
      aud: 'a',
      iat: now,
      jti: 'j',
      txn: 't',
      toe: now,
      events: { 'https://e/1': {} },
    },
  },
}

type Options = Partial<CreateVerifierOptions>

const policyOf = (profile: ProfileName, options: Options = {}): CreateVerifierOptions => ({
  keys: key,
  profile,
  issuer: profile === 'dpop+jwt' ? null : 'https://i',
  audience: profile === 'dpop+jwt' ? null : 'a',
  now,
  ...options,
})

const tokenOf = (typ: string | undefined, claims: object): string =>
  forge({ alg: 'HS256', ...(typ === undefined ? {} : { typ }) }, claims)

/** A token of a kind with some claims changed; undefined leaves a claim out. */
const changed = (profile: ProfileName, claims: object = {}): string =>
  tokenOf(good[profile].typ, { ...good[profile].claims, ...claims })

const judge = (profile: ProfileName, token: string, options: Options = {}): string =>
  outcomeOf(() => createVerifier(policyOf(profile, options)).verifySync(token))

const fault = (profile: ProfileName, claims: object, options: Options = {}): [string, string | undefined] => {
  const error = refusal(() => createVerifier(policyOf(profile, options)).verifySync(changed(profile, claims)))
  return [error.code, error.claim]
}

describe('a token of one profile', () => {
  const pairs = profileNames.flatMap((made) => profileNames.map((asked) => [made, asked] as const))

  test.each(pairs)('%s under the rules of %s: accepted only where the two are one', (made, asked) => {
    const anyone: Options = { issuer: null, audience: null }
    const nonce: Options = asked === 'id_token' ? { nonce: null } : {}
    const verdict = judge(asked, changed(made), { ...anyone, ...nonce })
    expect(verdict).toBe(made === asked ? 'accepted' : 'typ_mismatch')
  })

  test.each(pairs.filter(([made]) => made !== 'at+jwt'))(
    '%s whose typ was left out or is JWT, under the rules of %s',
    (made, asked) => {
      const lenient: Options =
        asked === 'logout+jwt' || asked === 'secevent+jwt'
          ? { allowUntyped: true }
          : asked === 'id_token'
            ? { nonce: null }
            : {}
      for (const typ of [undefined, 'JWT', 'application/jwt']) {
        const verdict = judge(asked, tokenOf(typ, good[made].claims), {
          issuer: null,
          audience: null,
          ...lenient,
        })
        const isTaken = made === asked && made !== 'dpop+jwt'
        expect([typ, verdict === 'accepted']).toEqual([typ, isTaken])
      }
    },
  )

  test.each(profileNames)('%s is no token of a typ that nobody knows', (profile) => {
    for (const typ of ['at+jwt2', 'jose', 'evil+jwt', ''])
      expect(judge(profile, tokenOf(typ, good[profile].claims))).toBe('typ_mismatch')
  })

  test.each(profileNames)('%s is known by its typ in any spelling of RFC 7515 §4.1.9', (profile) => {
    const { typ = 'JWT', claims } = good[profile]
    for (const spelling of [typ.toUpperCase(), `application/${typ}`])
      expect(judge(profile, tokenOf(spelling, claims))).toBe('accepted')
  })

  test('verified without a profile, by typ alone, is not judged by the rules of one', () => {
    const token = tokenOf('at+jwt', common)
    expect(
      outcomeOf(() =>
        createVerifier({ keys: key, issuer: 'https://i', audience: 'a', now }).verifySync(token),
      ),
    ).toBe('accepted')
    expect(judge('at+jwt', token)).toBe('claim_missing')
  })
})

describe('required claims', () => {
  const required: readonly [ProfileName, string][] = [
    ...['iss', 'exp', 'aud', 'sub', 'client_id', 'iat', 'jti'].map(
      (name) => ['at+jwt', name] as [ProfileName, string],
    ),
    ...['iss', 'sub', 'aud', 'exp', 'iat'].map((name) => ['id_token', name] as [ProfileName, string]),
    ...['iss', 'aud', 'iat', 'exp', 'jti', 'events'].map(
      (name) => ['logout+jwt', name] as [ProfileName, string],
    ),
    ...['jti', 'htm', 'htu', 'iat'].map((name) => ['dpop+jwt', name] as [ProfileName, string]),
    ...['iss', 'iat', 'jti', 'events'].map((name) => ['secevent+jwt', name] as [ProfileName, string]),
  ]

  test.each(required)(
    '%s without %s is refused, also where issuer and audience are waived',
    (profile, claim) => {
      expect(fault(profile, { [claim]: undefined })).toEqual(['claim_missing', claim])
      const waived: Options = { issuer: null, audience: null }
      expect(fault(profile, { [claim]: undefined }, waived)).toEqual(['claim_missing', claim])
    },
  )

  test.each(required.filter(([, claim]) => !['exp', 'iat', 'aud', 'events'].includes(claim)))(
    '%s with an empty %s is refused',
    (profile, claim) => {
      expect(fault(profile, { [claim]: '' }, { issuer: null, audience: null })).toEqual([
        'claim_invalid',
        claim,
      ])
    },
  )

  test.each(required)('%s with %s of another kind is refused', (profile, claim) => {
    for (const value of [null, true, claim === 'exp' || claim === 'iat' ? '5' : 5, [[]]])
      expect(fault(profile, { [claim]: value }, { issuer: null, audience: null })).toEqual([
        'claim_invalid',
        claim,
      ])
  })

  test('a proof and an event live without exp, and end with it where they have one', () => {
    for (const profile of ['dpop+jwt', 'secevent+jwt'] as const) {
      expect(judge(profile, changed(profile))).toBe('accepted')
      expect(fault(profile, { exp: now })).toEqual(['expired', 'exp'])
      expect(fault(profile, {}, { requireExp: true })).toEqual(['claim_missing', 'exp'])
    }
  })

  test('those of the option required are asked for as well', () => {
    expect(fault('at+jwt', {}, { required: ['tenant'] })).toEqual(['claim_missing', 'tenant'])
  })

  test('a polluted Object.prototype gives no token a claim', () => {
    const polluted = { client_id: 'c', nonce: 'n', azp: 'evil', events: { [logout]: {} }, sid: 'x' }
    try {
      for (const [name, value] of Object.entries(polluted))
        Object.defineProperty(Object.prototype, name, { value, configurable: true, writable: true })
      expect(fault('at+jwt', { client_id: undefined })).toEqual(['claim_missing', 'client_id'])
      expect(fault('logout+jwt', { events: undefined })).toEqual(['claim_missing', 'events'])
      expect(fault('logout+jwt', { sub: undefined, sid: undefined })).toEqual(['claim_missing', 'sid'])
      expect(judge('id_token', changed('id_token', { azp: undefined }))).toBe('accepted')
    } finally {
      for (const name of Object.keys(polluted)) Reflect.deleteProperty(Object.prototype, name)
    }
  })
})

describe('claims that a profile knows have their kinds (whenever present)', () => {
  const texts = 'client_id scope nonce azp acr sid at_hash htm htu ath txn'.split(' ')

  test.each(texts)('%s is text', (claim) => {
    for (const profile of profileNames) {
      const options: Options = profile === 'id_token' ? { nonce: null, authorizedParty: null } : {}
      for (const value of [null, 1, ['a'], {}, false]) {
        expect(fault(profile, { [claim]: value }, options)).toEqual(['claim_invalid', claim])
      }
    }
  })

  test.each(['auth_time', 'toe'])('%s is a date in seconds', (claim) => {
    for (const value of [null, '5', 1e12, {}])
      expect(fault('at+jwt', { [claim]: value })).toEqual(['claim_invalid', claim])
  })

  test('amr is an array of text', () => {
    for (const value of ['pwd', [], [1], null, {}])
      expect(fault('id_token', { amr: value })).toEqual(['claim_invalid', 'amr'])
  })
})

describe('id_token (OpenID Connect Core §2, §3.1.3.7)', () => {
  test('the nonce of the request must come back', () => {
    const options: Options = { nonce: 'n-0S6_WzA2Mj' }
    expect(judge('id_token', changed('id_token', { nonce: 'n-0S6_WzA2Mj' }), options)).toBe('accepted')
    expect(fault('id_token', { nonce: 'N-0S6_WzA2Mj' }, options)).toEqual(['claim_invalid', 'nonce'])
    expect(fault('id_token', { nonce: 'n-0S6_WzA2Mj ' }, options)).toEqual(['claim_invalid', 'nonce'])
    expect(fault('id_token', {}, options)).toEqual(['claim_missing', 'nonce'])
  })

  test('a nonce that nobody asked for is refused unless that is waived', () => {
    expect(fault('id_token', { nonce: 'n' })).toEqual(['claim_invalid', 'nonce'])
    expect(judge('id_token', changed('id_token', { nonce: 'n' }), { nonce: null })).toBe('accepted')
    expect(judge('id_token', changed('id_token'), { nonce: null })).toBe('accepted')
  })

  test('events make it another token', () => {
    expect(fault('id_token', { events: { [logout]: {} } })).toEqual(['claim_invalid', 'events'])
    expect(fault('id_token', { events: null })).toEqual(['claim_invalid', 'events'])
  })

  test('azp is the client, where it is there', () => {
    expect(fault('id_token', { azp: 'b' })).toEqual(['claim_invalid', 'azp'])
    expect(judge('id_token', changed('id_token', { azp: undefined }))).toBe('accepted')
    expect(judge('id_token', changed('id_token', { azp: 'b' }), { authorizedParty: 'b' })).toBe('accepted')
    expect(judge('id_token', changed('id_token', { azp: 'b' }), { authorizedParty: ['c', 'b'] })).toBe(
      'accepted',
    )
    expect(judge('id_token', changed('id_token', { azp: 'b' }), { authorizedParty: null })).toBe('accepted')
    expect(fault('id_token', {}, { authorizedParty: 'b' })).toEqual(['claim_invalid', 'azp'])
  })

  test('several audiences need an azp, and each of them is trusted', () => {
    const both: Options = { audience: ['a', 'b'] }
    expect(judge('id_token', changed('id_token', { aud: ['a', 'b'] }), both)).toBe('accepted')
    expect(fault('id_token', { aud: ['a', 'b'] })).toEqual(['claim_invalid', 'aud'])
    expect(fault('id_token', { aud: ['a', 'b', 'evil'] }, both)).toEqual(['claim_invalid', 'aud'])
    expect(fault('id_token', { aud: ['a', 'b'], azp: undefined }, both)).toEqual(['claim_missing', 'azp'])
    expect(fault('id_token', { aud: ['a', 'b'], azp: 'evil' }, both)).toEqual(['claim_invalid', 'azp'])
    const unasked: Options = { ...both, authorizedParty: null }
    expect(judge('id_token', changed('id_token', { aud: ['a', 'b'], azp: undefined }), unasked)).toBe(
      'accepted',
    )
    expect(judge('id_token', changed('id_token', { aud: ['a'], azp: undefined }))).toBe('accepted')
  })

  test('at_hash fits the access token that came along (§3.1.3.6, the value of the example in §A.3)', () => {
    const options: Options = { accessToken: 'jHkWEdUXMU1BwAsC4vtUsZwnNvTIxEl0z9K3vx5KF0Y' }
    const at_hash = '77QmUPtjPfzWtF2AnpK9RQ'
    expect(judge('id_token', changed('id_token', { at_hash }), options)).toBe('accepted')
    expect(fault('id_token', {}, options)).toEqual(['claim_missing', 'at_hash'])
    expect(fault('id_token', { at_hash: `${at_hash}=` }, options)).toEqual(['claim_invalid', 'at_hash'])
    expect(fault('id_token', { at_hash }, { accessToken: 'other' })).toEqual(['claim_invalid', 'at_hash'])
  })

  test('auth_time is not longer ago than asked (max_age)', () => {
    const options: Options = { maxAuthenticationAgeSeconds: 60 }
    expect(judge('id_token', changed('id_token', { auth_time: now - 60 }), options)).toBe('accepted')
    expect(fault('id_token', { auth_time: now - 61 }, options)).toEqual(['too_old', 'auth_time'])
    const tolerant: Options = { ...options, clockToleranceSeconds: 1 }
    expect(judge('id_token', changed('id_token', { auth_time: now - 61 }), tolerant)).toBe('accepted')
    expect(fault('id_token', { auth_time: undefined }, options)).toEqual(['claim_missing', 'auth_time'])
    expect(fault('at+jwt', { auth_time: now - 61 }, options)).toEqual(['too_old', 'auth_time'])
  })
})

describe('logout+jwt (OpenID Connect Back-Channel Logout §2.4, §2.6)', () => {
  test('a nonce is forbidden, whatever it is', () => {
    for (const nonce of ['n', '']) expect(fault('logout+jwt', { nonce })).toEqual(['claim_invalid', 'nonce'])
  })

  test('it names the subject, the session, or both', () => {
    expect(judge('logout+jwt', changed('logout+jwt', { sub: undefined }))).toBe('accepted')
    expect(judge('logout+jwt', changed('logout+jwt', { sid: undefined }))).toBe('accepted')
    expect(fault('logout+jwt', { sub: undefined, sid: undefined })).toEqual(['claim_missing', 'sid'])
  })

  test('events has the member of a logout, an object', () => {
    const others = [
      {},
      [],
      'x',
      { 'https://e/1': {} },
      { [logout]: 'x' },
      { [logout]: null },
      { [logout]: [] },
    ]
    for (const events of others) expect(fault('logout+jwt', { events })).toEqual(['claim_invalid', 'events'])
    const beside = { [logout]: { reason: 'x' }, 'https://e/1': {} }
    expect(judge('logout+jwt', changed('logout+jwt', { events: beside }))).toBe('accepted')
  })

  test('aud is checked as in an ID token', () => {
    expect(fault('logout+jwt', { aud: ['a', 'evil'], azp: 'a' })).toEqual(['claim_invalid', 'aud'])
  })
})

describe('secevent+jwt (RFC 8417 §2.2)', () => {
  test('events holds at least one event, each an object', () => {
    for (const events of [{}, [], 'x', null, { e: 1 }, { e: null }, { e: [] }, { e: {}, f: 'x' }])
      expect(fault('secevent+jwt', { events })).toEqual(['claim_invalid', 'events'])
  })

  test('a logout is no event here: it is a token of its own kind', () => {
    expect(fault('secevent+jwt', { events: { [logout]: {} } })).toEqual(['claim_invalid', 'events'])
  })
})

describe('options of profiles', () => {
  const make = (options: object): string =>
    outcomeOf(() => createVerifier({ keys: key, issuer: 'i', audience: 'a', ...options }))

  test('a profile is one of those there are', () => {
    for (const profile of [
      'jwt',
      'AT+JWT',
      '',
      null,
      5,
      ['at+jwt'],
      {},
      'constructor',
      '__proto__',
      undefined,
    ])
      expect(make({ profile })).toBe('option_invalid')
    for (const profile of profileNames) expect(make({ profile })).toBe('accepted')
  })

  test('one that speaks of claims of another profile is refused', () => {
    const values = {
      nonce: 'n',
      authorizedParty: 'a',
      accessToken: 't',
      maxAuthenticationAgeSeconds: 5,
      allowUntyped: true,
    }
    const fits: Readonly<Record<string, readonly ProfileName[]>> = {
      nonce: ['id_token'],
      authorizedParty: ['id_token'],
      accessToken: ['id_token'],
      maxAuthenticationAgeSeconds: ['id_token', 'at+jwt'],
      allowUntyped: ['logout+jwt', 'secevent+jwt'],
    }
    for (const [name, value] of Object.entries(values)) {
      expect(make({ [name]: value })).toBe('option_invalid')
      for (const profile of profileNames)
        expect([name, profile, make({ profile, [name]: value })]).toEqual([
          name,
          profile,
          fits[name]?.includes(profile) === true ? 'accepted' : 'option_invalid',
        ])
    }
  })

  test('a value of the wrong kind is refused', () => {
    const wrong = {
      nonce: ['', 5, [], undefined, {}],
      authorizedParty: ['', [], [''], 5, undefined],
      accessToken: ['', null, 5, undefined],
      maxAuthenticationAgeSeconds: [-1, Number.NaN, Infinity, '5', null, undefined],
    }
    for (const [name, values] of Object.entries(wrong))
      for (const value of values) expect(make({ profile: 'id_token', [name]: value })).toBe('option_invalid')
    for (const allowUntyped of ['true', 1, null, undefined])
      expect(make({ profile: 'logout+jwt', allowUntyped })).toBe('option_invalid')
  })

  test('typ is the profile’s to decide', () => {
    for (const typ of ['at+jwt', 'JWT', null]) expect(make({ profile: 'at+jwt', typ })).toBe('option_invalid')
  })

  test('exp cannot be waived where the profile wants it', () => {
    for (const profile of profileNames) {
      const isFree = profile === 'dpop+jwt' || profile === 'secevent+jwt'
      expect(make({ profile, requireExp: false })).toBe(isFree ? 'accepted' : 'option_invalid')
      expect(make({ profile, requireExp: true })).toBe('accepted')
    }
  })

  test('messages hold no claim', () => {
    const error = refusal(() =>
      createVerifier(policyOf('id_token', { nonce: 'wanted' })).verifySync(
        changed('id_token', { nonce: 'came-along' }),
      ),
    )
    expect(error.message).not.toMatch(/wanted|came-along/)
  })
})
