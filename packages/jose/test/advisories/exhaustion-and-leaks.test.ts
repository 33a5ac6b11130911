/** T53–T57: dots, sizes, depth, nothing to verify, and what a message tells (§4.7). */
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { isJoseError } from '../../src/errors.ts'
import { decryptCompact, decryptGeneral, encryptGeneral, type GeneralJwe } from '../../src/jwe/index.ts'
import { importKey, secret } from '../../src/jwk/index.ts'
import { verifyCompact, verifyGeneral } from '../../src/jws/index.ts'
import { decryptJwt, verifyJwt } from '../../src/jwt/index.ts'
import { decodeUnverified } from '../../src/unverified.ts'
import { forge, segment, sharedSecret, token } from '../forge.ts'
import { lockerFor } from '../jwe/keys.ts'
import { outcomeOfToken } from '../later.ts'
import { outcomeLater, outcomeOf } from '../outcome.ts'

const key = secret('HS256', sharedSecret)
const policy = { issuer: null, audience: null, requireExp: false, typ: null } as const
const { lock, open } = await lockerFor('A256KW')

test('T53 CVE-2025-30204, CVE-2025-27144: twenty million dots are too many characters, and are not counted', async () => {
  const dots = '.'.repeat(20_000_000)
  expect(await outcomeOfToken(dots, key)).toBe('too_large')
  expect(outcomeOf(() => decodeUnverified(dots))).toBe('too_large')
  expect(await outcomeLater(() => decryptCompact(dots, open))).toBe('too_large')
  expect(await outcomeOfToken('.'.repeat(10_000), key)).toBe('malformed')
})

test('T54 CVE-2025-61920: header, signature and token have a length at most', async () => {
  expect(await outcomeOfToken(token({}, { x: 'x'.repeat(9000) }), key)).toBe('too_large')
  expect(await outcomeOfToken(token({ x: 'x'.repeat(13_000) }), key)).toBe('too_large')
  expect(await outcomeOfToken(`${token({})}${'A'.repeat(9000)}`, key)).not.toBe('accepted')
  expect(await outcomeOfToken(`${segment({ alg: 'HS256' })}.e30.${'A'.repeat(17_000)}`, key)).toBe(
    'too_large',
  )
  expect(await outcomeOfToken(token({ x: 'x'.repeat(11_000) }), key)).toBe('accepted')
})

test('T55 CVE-2025-53864, CVE-2026-102265: JSON nested more than 64 deep is malformed, in header and claims', async () => {
  const nested = (depth: number): string => `{"a":${'['.repeat(depth - 1)}${']'.repeat(depth - 1)}}`
  expect(await outcomeOfToken(token(nested(64)), key)).toBe('accepted')
  for (const depth of [65, 100, 5000]) {
    expect(await outcomeOfToken(token(nested(depth)), key)).toBe('malformed')
    expect(outcomeOf(() => decodeUnverified(token(nested(depth))))).toBe('malformed')
  }
  for (const depth of [66, 2000]) {
    const header = nested(depth).replace('{', '{"alg":"HS256",')
    expect(await outcomeOfToken(forge(header, {}), key)).toBe('malformed')
  }
})

test('T56 CVE-2026-102946: no signatures and no recipients are malformed, not good for want of a bad one', async () => {
  for (const signatures of [[], undefined, null, {}, 'x', [null], [[]], [5]]) {
    const jws = { payload: segment('x'), signatures } as unknown as Parameters<typeof verifyGeneral>[0]
    for (const given of ['all', 'any'] as const)
      expect(await outcomeLater(() => verifyGeneral(jws, key, { policy: given }))).toBe('malformed')
  }
  const general = await encryptGeneral('x', [{ key: lock }])
  for (const recipients of [[], undefined, null, {}, [null]])
    expect(await outcomeLater(() => decryptGeneral({ ...general, recipients } as GeneralJwe, open))).toBe(
      'malformed',
    )
})

test('T57 CVE-2025-65015: no message tells a part of the token, the key or a claim', async () => {
  const mark = 'Zq7rT0kEnMaRkEr'
  const messageOf = async (action: () => unknown): Promise<string> => {
    try {
      await action()
      return ''
    } catch (error) {
      if (!isJoseError(error)) throw error
      return `${error.message} ${error.stack ?? ''}`
    }
  }
  const values = fc.oneof(
    fc.constantFrom('', '.', '..', '....').map((dots) => `${mark}${dots}`),
    fc
      .tuple(
        fc.constantFrom('alg', 'kid', 'typ', 'crit', 'x', 'b64'),
        fc.constantFrom<unknown>(mark, [mark], { [mark]: mark }, 5),
      )
      .map(([name, value]) => forge({ alg: 'HS256', [name]: value }, { sub: mark })),
    fc
      .tuple(
        fc.constantFrom('iss', 'aud', 'sub', 'exp', 'nbf', 'iat', 'jti'),
        fc.constantFrom<unknown>(mark, [mark], { [mark]: 1 }),
      )
      .map(([name, value]) => token({ [name]: value })),
    fc.nat(200).map((at) => token({ sub: mark }).slice(0, at) + mark + token({ sub: mark }).slice(at)),
  )
  await fc.assert(
    fc.asyncProperty(values, async (value) => {
      const actions = [
        () => verifyJwt(value, key, { ...policy, issuer: 'https://issuer.example', audience: 'api' }),
        () => verifyCompact(value, key),
        () => decryptJwt(value, open, policy),
        () => decodeUnverified(value),
        () => secret('HS256', mark),
        () => importKey({ kty: mark, k: mark, kid: mark, alg: mark }),
        () => importKey(`-----BEGIN PRIVATE KEY-----\n${mark}\n-----END PRIVATE KEY-----`),
      ]
      for (const action of actions) expect(await messageOf(action)).not.toContain(mark)
    }),
    { numRuns: 200 },
  )
})
