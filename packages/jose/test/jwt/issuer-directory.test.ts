/** Issuers that only the application knows: asked for by name, within bounds. */
import { describe, expect, test } from 'vitest'
import { createLocalJwkSet } from '../../src/jwks/local.ts'
import type { IssuerDirectoryOptions } from '../../src/jwt/issuer-directory.ts'
import { type AskedPolicy, createVerifier } from '../../src/jwt/verifier.ts'
import type { TokenVerifier } from '../../src/jwt/verifier.ts'
import type { VerifiedJwt } from '../../src/jwt/verified.ts'
import { forge, now, pairFor } from '../forge.ts'
import { isSynchronous, turn, verifyLater } from '../later.ts'
import { outcomeLater, outcomeOf, rejection } from '../outcome.ts'

const pair = pairFor('ES256')
const keys = createLocalJwkSet({ keys: [pair.publicJwk] })
const policy: AskedPolicy = { keys, audience: 'api', now }
const issuer = 'https://a.example'
const tokenOf = (iss: unknown, more: object = {}): string =>
  forge(
    { alg: 'ES256' },
    { iss, aud: 'api', exp: now + 60, ...more },
    {
      algorithm: 'ES256',
      key: pair.privateKey,
    },
  )

type Answer = AskedPolicy | undefined | null | Promise<AskedPolicy | undefined | null>

/** A directory that notes what it was asked. */
function directory(
  answer: (issuer: string) => Answer,
  options: object = {},
): { asked: string[]; verifier: TokenVerifier<VerifiedJwt> } {
  const asked: string[] = []
  const issuers = (name: string): Answer => {
    asked.push(name)
    return answer(name)
  }
  const source: IssuerDirectoryOptions<AskedPolicy> = { issuers, ...options }
  return { asked, verifier: createVerifier(source) }
}

describe('the application', () => {
  test('is asked for the policy of an issuer, now or later', async () => {
    const atOnce = directory(() => policy)
    expect((await verifyLater(atOnce.verifier, tokenOf(issuer))).claims.iss).toBe(issuer)
    const later = directory(async () => policy)
    expect((await later.verifier.verify(tokenOf(issuer))).claims.iss).toBe(issuer)
    expect((await verifyLater(later.verifier, tokenOf(issuer))).claims.iss).toBe(issuer)
    expect([atOnce.asked, later.asked]).toEqual([[issuer], [issuer]])
  })

  test.runIf(isSynchronous)('is not waited for by verifySync', async () => {
    const { verifier } = directory(async () => policy)
    expect(outcomeOf(() => verifier.verifySync(tokenOf(issuer)))).toBe('unsupported')
    await turn()
    expect(outcomeOf(() => verifier.verifySync(tokenOf(issuer)))).toBe('accepted')
  })

  test('does not know an issuer: key_not_found, and the next time it is asked again', async () => {
    for (const nothing of [undefined, null, Promise.resolve(undefined), Promise.resolve(null)]) {
      const { asked, verifier } = directory(() => nothing)
      for (const count of [1, 2]) {
        expect(await outcomeLater(() => verifier.verify(tokenOf(issuer)))).toBe('key_not_found')
        expect(asked).toHaveLength(count)
      }
    }
  })

  test('fails: keys_unavailable with the cause, for it says nothing about the token', async () => {
    const cause = new Error('database down')
    const thrown = directory(() => {
      throw cause
    })
    const rejected = directory(() => Promise.reject(cause))
    for (const { verifier } of [thrown, rejected]) {
      const error = await rejection(verifier.verify(tokenOf(issuer)))
      expect([error.code, error.cause]).toEqual(['keys_unavailable', cause])
      expect(await verifier.safeVerify(tokenOf(issuer))).toMatchObject({
        ok: false,
        code: 'keys_unavailable',
      })
    }
  })

  test('gives a policy that is wrong: the caller’s own mistake is thrown, by safeVerify too', async () => {
    const wrong = [
      { keys },
      { ...policy, audiance: 'x' },
      { ...policy, issuer: 'https://b.example' },
      { ...policy, issuer: [issuer] },
      { ...policy, issuer: null },
      { ...policy, issuer: undefined },
      'policy',
      true,
      [policy],
    ]
    for (const answer of wrong) {
      for (const given of [answer, Promise.resolve(answer)]) {
        const { verifier } = directory(() => given as AskedPolicy)
        expect(await outcomeLater(() => verifier.safeVerify(tokenOf(issuer)))).toBe('option_invalid')
      }
    }
  })

  test('may name the issuer itself, and its policy is that of no other', async () => {
    const { verifier } = directory((name) => ({ ...policy, issuer: name }))
    expect(await outcomeLater(() => verifier.verify(tokenOf(issuer)))).toBe('accepted')
    expect(await outcomeLater(() => verifier.verify(tokenOf(issuer, { aud: 'other' })))).toBe('claim_invalid')
  })

  test('is never asked with the key of one issuer for the name of another', async () => {
    const other = createLocalJwkSet({ keys: [pairFor('ES256', 'other').publicJwk] })
    const { verifier } = directory((name) => ({ ...policy, keys: name === issuer ? keys : other }))
    expect(await outcomeLater(() => verifier.verify(tokenOf(issuer)))).toBe('accepted')
    const stolen = await outcomeLater(() => verifier.verify(tokenOf('https://b.example')))
    expect(stolen).toBe('bad_signature')
  })
})

describe('who is asked about', () => {
  test.each([
    'https://a.example',
    'https://a.example/',
    'https://a.example/tenant/5',
    'https://a.example:8443/x',
    'http://localhost:4480',
    'http://auth.localhost',
    'http://127.0.0.1:4480',
    'http://[::1]:4480/',
  ])('%s is', async (name) => {
    const { asked, verifier } = directory(() => policy)
    expect(await outcomeLater(() => verifier.verify(tokenOf(name)))).toBe('accepted')
    expect(asked).toEqual([name])
  })

  test.each([
    'http://a.example',
    'http://127.0.0.1.evil.example',
    'http://localhost.evil.example',
    'http://169.254.169.254/latest',
    'http://2130706433',
    'a.example',
    'accounts.google.com',
    'ftp://a.example',
    'file:///etc/passwd',
    'javascript:alert(1)',
    'data:application/json,{}',
    '//a.example',
    'https://user@a.example',
    'https://user:password@a.example',
    'https://a.example?x=1',
    'https://a.example/#x',
    'https://a.example/?',
    'HTTPS://a.example',
    'https://A.example',
    'https://a.example:443',
    'https://a.example/x/../y',
    'https://a.example/ä',
    ' https://a.example',
    'https://a.example\n',
    'https://a.exam\tple',
    'https:a.example',
    'https://',
    `https://a.example/${'x'.repeat(2048)}`,
    '',
  ])('%j is not: key_not_found', async (name) => {
    const { asked, verifier } = directory(() => policy)
    expect(await outcomeLater(() => verifier.verify(tokenOf(name)))).toBe('key_not_found')
    expect(asked).toEqual([])
  })

  test('a token that no policy could save asks nothing', async () => {
    const { asked, verifier } = directory(() => policy)
    const good = tokenOf(issuer)
    const bad = [
      '',
      `${good}.`,
      `${good}=`,
      `e30${good.slice(good.indexOf('.'))}`,
      forge({ alg: 'none' }, { iss: issuer }),
    ]
    for (const token of bad) expect(await outcomeLater(() => verifier.verify(token))).not.toBe('accepted')
    expect(asked).toEqual([])
  })
})

describe('answers are kept', () => {
  test('for a while, and the same answer keeps what was made of it', async () => {
    let present = 0
    const own = { ...policy }
    const { asked, verifier } = directory(() => own, { refreshSeconds: 10, now: () => present })
    for (const second of [0, 9.9, 10, 19.9, 20]) {
      present = second
      expect(await outcomeLater(() => verifier.verify(tokenOf(issuer)))).toBe('accepted')
    }
    expect(asked).toHaveLength(3)
  })

  test('until the application takes the issuer away', async () => {
    let present = 0
    let answer: AskedPolicy | undefined = policy
    const { verifier } = directory(() => answer, { refreshSeconds: 10, now: () => present })
    expect(await outcomeLater(() => verifier.verify(tokenOf(issuer)))).toBe('accepted')
    answer = undefined
    expect(await outcomeLater(() => verifier.verify(tokenOf(issuer)))).toBe('accepted')
    present = 10
    expect(await outcomeLater(() => verifier.verify(tokenOf(issuer)))).toBe('key_not_found')
    present = 0
    expect(await outcomeLater(() => verifier.verify(tokenOf(issuer)))).toBe('key_not_found')
  })

  test('up to a number, and then the oldest is forgotten', async () => {
    const { asked, verifier } = directory(() => policy, { maxIssuers: 2 })
    const names = ['https://1', 'https://2', 'https://3'].map((name) => `${name}.example`)
    for (const name of [...names, names[2], names[1], names[0]])
      expect(await outcomeLater(() => verifier.verify(tokenOf(name)))).toBe('accepted')
    expect(asked).toEqual([...names, names[0]])
  })

  test('strangers push out nobody who is known', async () => {
    const { asked, verifier } = directory((name) => (name === issuer ? policy : undefined), { maxIssuers: 1 })
    await verifier.verify(tokenOf(issuer))
    for (let index = 0; index < 20; index += 1)
      expect(await outcomeLater(() => verifier.verify(tokenOf(`https://x${index}.example`)))).toBe(
        'key_not_found',
      )
    expect(await outcomeLater(() => verifier.verify(tokenOf(issuer)))).toBe('accepted')
    expect(asked.filter((name) => name === issuer)).toHaveLength(1)
  })

  test('and a hundred tokens at once ask once', async () => {
    const { asked, verifier } = directory(async () => policy)
    const tokens = Array.from({ length: 100 }, () => outcomeLater(() => verifier.verify(tokenOf(issuer))))
    expect(new Set(await Promise.all(tokens))).toEqual(new Set(['accepted']))
    expect(asked).toEqual([issuer])
  })

  test('a flood of names waits in no queue without end', async () => {
    const release: (() => void)[] = []
    const { asked, verifier } = directory(
      () => new Promise((resolve) => release.push(() => resolve(undefined))),
      { maxIssuers: 3 },
    )
    const verdicts = Array.from({ length: 10 }, (_, index) =>
      outcomeLater(() => verifier.verify(tokenOf(`https://x${index}.example`))),
    )
    expect(await Promise.all(verdicts.slice(3))).toEqual(Array.from({ length: 7 }, () => 'keys_unavailable'))
    for (const free of release) free()
    expect(await Promise.all(verdicts.slice(0, 3))).toEqual([
      'key_not_found',
      'key_not_found',
      'key_not_found',
    ])
    expect(asked).toHaveLength(3)
  })
})

test('its options are checked at construction', () => {
  const make = (options: object): string =>
    outcomeOf(() => createVerifier({ issuers: () => undefined, ...options }))
  expect(make({})).toBe('accepted')
  const wrong = {
    maxIssuers: [0, -1, 1.5, Infinity, Number.NaN, '5', null, undefined, 1e9],
    refreshSeconds: [-1, Number.NaN, Infinity, '5', null, undefined],
    now: [5, null, undefined, 'now'],
    audience: ['api'],
    maxIssuer: [5],
  }
  for (const [name, values] of Object.entries(wrong))
    for (const value of values) expect([name, make({ [name]: value })]).toEqual([name, 'option_invalid'])
  for (const issuers of [undefined, null, 'https://a', [], {}])
    expect(outcomeOf(() => createVerifier({ issuers } as never))).toBe('option_invalid')
})
