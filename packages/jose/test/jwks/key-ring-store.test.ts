/** A ring in a store: it outlives its process, and is one for all of them. */
import { describe, expect, test } from 'vitest'
import type { SignatureAlgorithm } from '../../src/jwa/algorithm.ts'
import { generateKey } from '../../src/jwk/generate.ts'
import { createKeyRing, type KeyRing } from '../../src/jwks/key-ring.ts'
import type { KeyRingOptions } from '../../src/jwks/key-ring-options.ts'
import type { KeyRingState } from '../../src/jwks/ring-state.ts'
import { signJwt } from '../../src/jwt/sign.ts'
import { verifyJwt } from '../../src/jwt/verify.ts'
import { now as start } from '../forge.ts'
import { outcomeLater, rejection } from '../outcome.ts'
import { createTestRingStore, type TestRingStore } from './ring-store.ts'

const day = 86_400
const rules = { rotateEverySeconds: day, publishAheadSeconds: 3600, retireAfterSeconds: 900 } as const
const policy = { issuer: null, audience: null } as const

function setUp(algorithm: SignatureAlgorithm = 'ES256') {
  const clock = { now: start }
  const store = createTestRingStore()
  const warnings: string[] = []
  const open = (options: Partial<KeyRingOptions> = {}): KeyRing =>
    createKeyRing({
      algorithm,
      ...rules,
      store,
      now: () => clock.now,
      onWarning: (message) => warnings.push(message),
      ...options,
    })
  return { clock, store, warnings, open }
}

const kidsOf = async (ring: KeyRing): Promise<[string, string, ...string[]]> =>
  (await ring.jwks()).keys.map(({ kid }) => String(kid)).sort() as [string, string, ...string[]]
const stateOf = (store: TestRingStore): KeyRingState => JSON.parse(String(store.text)) as KeyRingState
const sign = (ring: KeyRing, now: number): Promise<string> => signJwt({}, ring, { expiresIn: 900, now })
const verify = (token: string, ring: KeyRing, now: number): Promise<string> =>
  outcomeLater(() => verifyJwt(token, ring, { ...policy, now }))

describe('a stored ring', () => {
  test.each(['ES256', 'Ed25519', 'RS256'] as const)(
    'goes on with its keys after a restart: %s',
    async (algorithm) => {
      const { clock, open } = setUp(algorithm)
      const before = open()
      const token = await sign(before, clock.now)
      const after = open()
      expect(await kidsOf(after)).toEqual(await kidsOf(before))
      expect((await after.signingKey()).kid).toBe((await before.signingKey()).kid)
      expect(await verify(token, after, clock.now)).toBe('accepted')
    },
  )

  test('of secrets does as well', async () => {
    const { clock, open } = setUp('HS256')
    const token = await sign(open(), clock.now)
    expect(await verify(token, open(), clock.now)).toBe('accepted')
  })

  test('holds private keys while they sign, and not after they retired', async () => {
    const { clock, store, open } = setUp()
    const ring = open()
    await ring.signingKey()
    const isPrivate = (): boolean[] => stateOf(store).keys.map(({ jwk }) => jwk.d !== undefined)
    expect(isPrivate()).toEqual([true, true])
    clock.now += day
    await ring.signingKey()
    expect(isPrivate()).toEqual([true, true, true])
    clock.now += 60
    await ring.signingKey()
    expect(isPrivate()).toEqual([false, true, true])
    clock.now += 900 + 1800
    await ring.signingKey()
    expect(isPrivate()).toEqual([true, true])
  })

  test('has a version that rises with each change, and is not written when nothing changes', async () => {
    const { clock, store, open } = setUp()
    const ring = open()
    await ring.signingKey()
    expect(stateOf(store).version).toBe(1)
    for (let index = 0; index < 5; index += 1) {
      clock.now += 60
      await ring.signingKey()
      await ring.jwks()
    }
    expect([stateOf(store).version, store.saves]).toEqual([1, 1])
    await ring.rotate()
    expect(stateOf(store).version).toBe(2)
  })

  test('is read again when what is known is ten seconds old, and not before', async () => {
    const { clock, store, open } = setUp()
    const ring = open()
    await ring.signingKey()
    const { loads } = store
    clock.now += 9
    await Promise.all([ring.signingKey(), ring.jwks(), ring.signingKey()])
    expect(store.loads).toBe(loads)
    clock.now += 1
    await Promise.all([ring.signingKey(), ring.jwks(), ring.signingKey()])
    expect(store.loads).toBe(loads + 1)
  })
})

describe('two processes', () => {
  test('that begin at the same moment have the same two keys', async () => {
    const { store, open } = setUp()
    const rings = Array.from({ length: 5 }, () => open())
    const names = await Promise.all(rings.map(kidsOf))
    expect(new Set(names.map((list) => list.join())).size).toBe(1)
    expect(stateOf(store).keys).toHaveLength(2)
  })

  test('never make a next key each', async () => {
    const { clock, store, open } = setUp()
    const rings = Array.from({ length: 4 }, () => open())
    await Promise.all(rings.map(kidsOf))
    for (let round = 1; round <= 3; round += 1) {
      clock.now += day
      await Promise.all(rings.map(kidsOf))
      expect(
        stateOf(store).keys.filter(({ activeAt }) => activeAt === null || activeAt > clock.now),
      ).toHaveLength(1)
    }
  })

  test('verify what the other one signed, also with a key that was made a moment ago', async () => {
    const { clock, open } = setUp()
    const [one, other] = [open(), open()]
    await Promise.all([kidsOf(one), kidsOf(other)])
    await one.revoke(String((await one.signingKey()).kid))
    await one.revoke(String((await one.signingKey()).kid))
    clock.now += 1
    expect(await verify(await sign(one, clock.now), other, clock.now)).toBe('accepted')
  })

  test('ask the store once a second at most for keys that nobody has', async () => {
    const { clock, store, open } = setUp()
    const ring = open()
    await kidsOf(ring)
    const { loads } = store
    const token = await signJwt({}, await generateKey('ES256'), { expiresIn: 60, now: clock.now })
    for (let index = 0; index < 20; index += 1)
      expect(await verify(token, ring, clock.now)).toBe('key_not_found')
    expect(store.loads).toBe(loads)
    clock.now += 1
    for (let index = 0; index < 20; index += 1)
      expect(await verify(token, ring, clock.now)).toBe('key_not_found')
    expect(store.loads).toBe(loads + 1)
  })

  test('forget a revoked key both, the other one when it reads again', async () => {
    const { clock, open } = setUp()
    const [one, other] = [open(), open()]
    const token = await sign(one, clock.now)
    expect(await verify(token, other, clock.now)).toBe('accepted')
    await one.revoke(String((await one.signingKey()).kid))
    expect(await verify(token, one, clock.now)).toBe('key_not_found')
    clock.now += 10
    expect(await verify(token, other, clock.now)).toBe('key_not_found')
  })

  test('that change at once both succeed: a change that lost is made again on what won', async () => {
    const { store, open } = setUp()
    const [one, other] = [open(), open()]
    const [first, second] = await kidsOf(one)
    await kidsOf(other)
    await Promise.all([one.revoke(first), other.revoke(second)])
    const left = stateOf(store).keys.map(({ jwk }) => jwk.kid)
    expect(left).not.toContain(first)
    expect(left).not.toContain(second)
    expect(left).toHaveLength(2)
  })

  test('that never let each other through end in keys_unavailable', async () => {
    const { store, open } = setUp()
    const ring = open()
    await kidsOf(ring)
    store.onSave = () => {
      const state = stateOf(store)
      store.text = JSON.stringify({ ...state, version: state.version + 1 })
    }
    const [kid] = await kidsOf(ring)
    expect(await outcomeLater(() => ring.revoke(kid))).toBe('keys_unavailable')
    store.onSave = undefined
    expect(await outcomeLater(() => ring.revoke(kid))).toBe('accepted')
  })
})

describe('a store that fails', () => {
  const fault = new Error('disk on fire: secret detail')

  test('at the beginning is keys_unavailable, with the cause; afterwards all is well', async () => {
    const { store, open, clock } = setUp()
    const ring = open()
    store.fault = fault
    const error = await rejection(ring.signingKey())
    expect([error.code, error.cause, error.message.includes('fire')]).toEqual([
      'keys_unavailable',
      fault,
      false,
    ])
    expect(await outcomeLater(() => ring.jwks())).toBe('keys_unavailable')
    expect(await outcomeLater(() => sign(ring, clock.now))).toBe('keys_unavailable')
    store.fault = undefined
    expect(await outcomeLater(() => ring.signingKey())).toBe('accepted')
  })

  test('later is got over for half the time of publication, with a warning, asked every ten seconds', async () => {
    const { clock, store, warnings, open } = setUp()
    const ring = open()
    const token = await sign(ring, clock.now)
    store.fault = fault
    clock.now += 600
    const { loads } = store
    for (let index = 0; index < 10; index += 1) expect(await verify(token, ring, clock.now)).toBe('accepted')
    expect([store.loads - loads, warnings.length]).toEqual([1, 1])
    clock.now += 1199
    expect(await outcomeLater(() => ring.signingKey())).toBe('accepted')
    clock.now += 1
    expect(await outcomeLater(() => ring.signingKey())).toBe('keys_unavailable')
    expect(await verify(await sign(open(), clock.now).catch(() => token), ring, clock.now)).toBe(
      'keys_unavailable',
    )
    store.fault = undefined
    expect(await outcomeLater(() => ring.signingKey())).toBe('accepted')
  })

  test('for one process alone does no harm to what it signs with the key that it knows', async () => {
    const { clock, store, open } = setUp()
    let isCutOff = false
    const connected = <T>(action: () => T): T => {
      if (isCutOff) throw fault
      return action()
    }
    const cut = open({
      store: {
        load: async () => connected(() => store.load()),
        save: async (state, expected) => connected(() => store.save(state, expected)),
      },
    })
    const ring = open()
    await kidsOf(ring)
    clock.now += rules.publishAheadSeconds
    const old = (await cut.signingKey()).kid
    isCutOff = true
    await ring.rotate()
    expect((await ring.signingKey()).kid).not.toBe(old)
    clock.now += 1799
    const token = await sign(cut, clock.now)
    clock.now += 899
    expect(await verify(token, ring, clock.now)).toBe('accepted')
  })

  test('makes a change fail, which is not half made', async () => {
    const { store, open } = setUp()
    const ring = open()
    const before = await kidsOf(ring)
    store.fault = fault
    expect(await outcomeLater(() => ring.revoke(before[0]))).toBe('keys_unavailable')
    expect(await outcomeLater(() => ring.rotate())).toBe('keys_unavailable')
    expect(await kidsOf(ring)).toEqual(before)
    store.fault = undefined
    await ring.revoke(before[0])
    expect(await kidsOf(ring)).not.toContain(before[0])
  })

  test('that lost what it had is not written over in silence', async () => {
    const { clock, store, open, warnings } = setUp()
    const ring = open()
    await kidsOf(ring)
    store.text = undefined
    clock.now += 10
    expect(await outcomeLater(() => ring.signingKey())).toBe('accepted')
    expect(warnings[0]).toMatch(/lost what was saved/)
    clock.now += 1800
    expect(await outcomeLater(() => ring.signingKey())).toBe('keys_unavailable')
  })

  test('may be synchronous, and throw', async () => {
    const { open } = setUp()
    const load = (): never => {
      throw fault
    }
    const ring = open({ store: { load, save: load } })
    expect(await outcomeLater(() => ring.signingKey())).toBe('keys_unavailable')
  })
})

describe('a state that no ring saved is key_invalid', () => {
  const stored = async (change: (state: Record<string, unknown>) => unknown): Promise<string> => {
    const { store, open } = setUp()
    await kidsOf(open())
    store.text = JSON.stringify(change(JSON.parse(String(store.text)) as Record<string, unknown>))
    return outcomeLater(() => open().signingKey())
  }
  const withKey = (change: object) => (state: Record<string, unknown>) => ({
    ...state,
    keys: (state['keys'] as object[]).map((key, index) => (index === 0 ? { ...key, ...change } : key)),
  })
  const withJwk = (change: object) => (state: Record<string, unknown>) => ({
    ...state,
    keys: (state['keys'] as { jwk: object }[]).map((key) => ({ ...key, jwk: { ...key.jwk, ...change } })),
  })

  test.each([
    ['null', () => null],
    ['text', () => 'keys'],
    ['a list', () => []],
    ['no version', ({ version: _version, ...rest }: Record<string, unknown>) => rest],
    ['a version of zero', (state: object) => ({ ...state, version: 0 })],
    ['a version that is text', (state: object) => ({ ...state, version: '1' })],
    ['no keys', ({ version }: Record<string, unknown>) => ({ version })],
    ['too many keys', (state: object) => ({ ...state, keys: Array.from({ length: 101 }, () => ({})) })],
    ['a key that is null', (state: object) => ({ ...state, keys: [null] })],
    ['a key without times', withKey({ publishedAt: undefined })],
    ['a time that is text', withKey({ activeAt: '5' })],
    ['a key without a JWK', withKey({ jwk: null })],
    ['one key ID twice', withJwk({ kid: 'a' })],
    ['a key without a key ID', withJwk({ kid: undefined })],
    ['a key without an algorithm', withJwk({ alg: undefined })],
    ['a key of another algorithm', withJwk({ alg: 'ES384' })],
    ['a broken key', withJwk({ x: 'AAAA' })],
    ['members of different keys', withJwk({ d: Buffer.alloc(32, 1).toString('base64url') })],
  ])('%s', async (_name, change) => {
    expect(await stored(change as never)).toBe('key_invalid')
  })

  test('of which a ring takes no notice when it is the same as before', async () => {
    expect(await stored((state) => state)).toBe('accepted')
  })

  test('of another algorithm, which needs a store of its own', async () => {
    const { open } = setUp()
    await kidsOf(open())
    expect(await outcomeLater(() => open({ algorithm: 'Ed25519' }).signingKey())).toBe('key_invalid')
  })
})

describe('rules that change at a restart', () => {
  test('a rotation by the clock begins where there was none', async () => {
    const { clock, open } = setUp()
    const { rotateEverySeconds: _every, ...manual } = rules
    const { store } = setUp()
    const options = { algorithm: 'ES256', store, now: () => clock.now } as const
    const first = (await createKeyRing({ ...options, ...manual }).signingKey()).kid
    clock.now += day
    const ring = open({ store })
    expect((await ring.signingKey()).kid).not.toBe(first)
  })

  test('longer lives of tokens hold for keys that sign, and shorter ones take nothing from their tokens', async () => {
    const { clock, open } = setUp()
    const before = open({ retireAfterSeconds: 7200 })
    const token = await signJwt({}, before, { expiresIn: 7200, now: clock.now + day - 1 })
    const shorter = open({ retireAfterSeconds: 60 })
    clock.now += day
    await shorter.signingKey()
    clock.now += 7100
    expect(await verify(token, shorter, clock.now)).toBe('accepted')
    const { clock: other, open: reopen } = setUp()
    await reopen({ retireAfterSeconds: 60 }).signingKey()
    const longer = reopen({ retireAfterSeconds: 7200 })
    const long = await signJwt({}, longer, { expiresIn: 7200, now: other.now + day - 1 })
    other.now += day + 7000
    expect(await verify(long, longer, other.now)).toBe('accepted')
  })
})

test('keys to begin with are taken where the store holds none, and must be extractable', async () => {
  const { open } = setUp()
  const hidden = await generateKey('ES256')
  const own = await generateKey('ES256', { extractable: true })
  expect(await outcomeLater(async () => open({ keys: [hidden] }))).toBe('key_invalid')
  expect((await open({ keys: [own] }).signingKey()).kid).toBe(own.kid)
  const later = await generateKey('ES256', { extractable: true })
  expect((await open({ keys: [later] }).signingKey()).kid).toBe(own.kid)
})
