/** P19: what a guard remembers of a token that it let in, and what it asks again each time. */
import { createLocalJwkSet } from '@tessera/jose'
import type { JwkSet, KeySet } from '@tessera/jose'
import { describe, expect, test } from 'vitest'
import { createGuard } from '../src/guard.ts'
import type { Guard, GuardResult } from '../src/guard.ts'
import type { GuardOptions } from '../src/options.ts'
import { revocationSet } from '../src/revocations.ts'
import { makeKey, signWith } from './issuer.ts'
import type { IssuerKey } from './issuer.ts'

const issuer = 'https://issuer.example'
const audience = 'https://api.example'
const start = 1_800_000_000
const [key, other] = [makeKey('k1'), makeKey('k2')]
const header = { typ: 'at+jwt', alg: 'ES256', kid: 'k1' }
const claims = { iss: issuer, aud: audience, sub: 'alice', sid: 's1', exp: start + 60, roles: ['reader'] }
const token = signWith(key.privateKey, header, claims)

const setOf = (...keys: readonly IssuerKey[]): KeySet =>
  createLocalJwkSet({ keys: keys.map(({ jwk }) => jwk) } as unknown as JwkSet)

/** A guard on a clock that is moved by hand, and keys that come and go; how often they were asked for is counted. */
function world(changes: Partial<GuardOptions> = {}) {
  const clock = { now: start }
  const stable = setOf(key, other)
  const published = { set: stable, asked: 0 }
  const keys: KeySet = {
    selectKeys: (selector) => {
      published.asked += 1
      return published.set.selectKeys(selector)
    },
  }
  const revocations = revocationSet({ now: () => clock.now })
  const guard = createGuard({
    issuer,
    audience,
    keys: stable,
    revocations,
    now: () => clock.now,
    ...changes,
  })
  return { clock, published, keys, revocations, guard }
}

const ask = (guard: Guard, text = token): Promise<GuardResult> =>
  guard.authenticate({ method: 'GET', url: '/', headers: { authorization: `Bearer ${text}` } })

const codeOf = async (guard: Guard, text = token): Promise<string> => {
  const result = await ask(guard, text)
  return result.ok ? 'ok' : result.body.code
}

/** The token is known: it was let in before. */
async function known(changes: Partial<GuardOptions> = {}) {
  const made = world(changes)
  expect(await codeOf(made.guard)).toBe('ok')
  return made
}

describe('P19: a token that a guard let in before', () => {
  test('has claims that nobody can change, for himself or for the next who asks', async () => {
    const { guard } = await known()
    const first = await ask(guard)
    const seen = first.ok ? first.auth.claims : undefined
    const roles = seen?.['roles'] as string[]
    expect(() => roles.push('admin')).toThrow(TypeError)
    expect(() => Object.assign(seen!, { sub: 'mallory' })).toThrow(TypeError)
    expect(() => Object.defineProperty(seen, 'scope', { value: 'admin' })).toThrow(TypeError)
    expect(await ask(guard)).toMatchObject({ ok: true, auth: { claims } })
  })

  test('is known to that guard alone: one of another audience, or of another issuer, refuses it', async () => {
    await known()
    expect(await codeOf(world({ audience: 'https://other.example' }).guard)).toBe('claim_invalid')
    expect(await codeOf(world({ issuer: 'https://other.example' }).guard)).toBe('claim_invalid')
  })

  test('is refused from the moment at which its session is revoked', async () => {
    const { guard, revocations } = await known()
    revocations.add({ sid: 's1', exp: start + 60 })
    expect(await codeOf(guard)).toBe('revoked')
  })

  test('is refused when its key was called back, or is not in the set any more', async () => {
    const revoked = await known()
    revoked.revocations.add({ kid: 'k1' })
    expect(await codeOf(revoked.guard)).toBe('revoked')
    const { published, keys } = world()
    const { guard } = await known({ keys })
    published.set = setOf(other)
    expect(await codeOf(guard)).toBe('key_not_found')
  })

  test('is refused at its exp, and before its nbf when the clock is set back', async () => {
    const { guard, clock } = await known()
    clock.now = start + 60
    expect(await codeOf(guard)).toBe('expired')
    clock.now = start
    expect(await codeOf(guard)).toBe('ok')
    const young = signWith(key.privateKey, header, { ...claims, nbf: start })
    expect(await codeOf(guard, young)).toBe('ok')
    clock.now = start - 1
    expect(await codeOf(guard, young)).toBe('not_yet_valid')
  })

  test('is compared whole: another header, other claims or another signature is another token', async () => {
    const { guard } = await known()
    const [head, body, signature] = token.split('.') as [string, string, string]
    const more = signWith(key.privateKey, header, { ...claims, roles: ['admin'] }).split('.')
    expect(await codeOf(guard, `${head}.${more[1]}.${signature}`)).toBe('bad_signature')
    expect(await codeOf(guard, `${head}.${body}.${more[2]}`)).toBe('bad_signature')
    const twisted = Buffer.from(JSON.stringify({ ...header, kid: 'k2' })).toString('base64url')
    expect(await codeOf(guard, `${twisted}.${body}.${signature}`)).toBe('bad_signature')
  })

  test('was refused once: that is not remembered, and a later good state lets it in', async () => {
    const { guard, clock } = world()
    clock.now = start + 60
    expect(await codeOf(guard)).toBe('expired')
    clock.now = start
    expect(await codeOf(guard)).toBe('ok')
  })

  test('asks its key set each time, as the first time', async () => {
    const { published, keys } = world()
    const { guard } = await known({ keys })
    const before = published.asked
    for (let times = 0; times < 5; times += 1) expect(await codeOf(guard)).toBe('ok')
    expect(published.asked).toBe(before + 5)
  })
})
