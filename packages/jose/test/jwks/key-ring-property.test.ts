/**
 * Whatever the order of clock steps, rotations, revocations, restarts and failing stores: no consumer that keeps the
 * published set as long as it may ever misses a key, and a revoked key is gone with the next reading.
 */
import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Jwk } from '../../src/jwk/jwk.ts'
import { createKeyRing, type KeyRing } from '../../src/jwks/key-ring.ts'
import type { KeyRingState, KeyRingStore } from '../../src/jwks/ring-state.ts'
import { createLocalJwkSet } from '../../src/jwks/local.ts'
import { signJwt } from '../../src/jwt/sign.ts'
import { verifyJwt } from '../../src/jwt/verify.ts'
import { now as start } from '../forge.ts'
import { outcomeLater } from '../outcome.ts'
import { createTestRingStore } from './ring-store.ts'

const publishAheadSeconds = 1200
const retireAfterSeconds = 900
/** What the ring says of itself: a store is read every ten seconds. */
const rereadSeconds = 10

interface Process {
  ring: KeyRing<'ES256'>
  /** Its own clock is off by this. */
  readonly offset: number
  /** Whether it is cut off from the store. */
  isCutOff: boolean
  /** When it was so last: what it read before counts for ten seconds after a reading that failed, too. */
  cutOffUntil: number
}

interface Consumer {
  keys: readonly Jwk[]
  fetchedAt: number
  maxAge: number
  /** Revocations that the process knew whose answer this is. */
  knows: ReadonlySet<string>
}

interface Token {
  readonly text: string
  readonly kid: string
  readonly exp: number
}

type Event =
  | { readonly kind: 'step'; readonly seconds: number }
  | {
      readonly kind: 'sign' | 'cut' | 'restart' | 'rotate' | 'revoke'
      readonly process: number
      readonly pick: number
    }
  | { readonly kind: 'fetch'; readonly process: number; readonly pick: number }
  | { readonly kind: 'storm' }

const index = fc.nat(11)
const some = (kind: Exclude<Event['kind'], 'step' | 'storm'>): fc.Arbitrary<Event> =>
  fc.record({ kind: fc.constant(kind), process: index, pick: index })
const step = (seconds: fc.Arbitrary<number>): fc.Arbitrary<Event> =>
  fc.record({ kind: fc.constant('step' as const), seconds })

const event: fc.Arbitrary<Event> = fc.oneof(
  { weight: 5, arbitrary: step(fc.integer({ min: 1, max: 120 })) },
  { weight: 3, arbitrary: step(fc.integer({ min: 120, max: 1500 })) },
  { weight: 1, arbitrary: step(fc.integer({ min: -5, max: -1 })) },
  { weight: 6, arbitrary: some('sign') },
  { weight: 4, arbitrary: some('fetch') },
  { weight: 2, arbitrary: some('rotate') },
  { weight: 1, arbitrary: some('revoke') },
  { weight: 2, arbitrary: some('cut') },
  { weight: 1, arbitrary: some('restart') },
  { weight: 1, arbitrary: fc.constant<Event>({ kind: 'storm' }) },
)

function pickFrom<T>(list: readonly T[], pick: number): T {
  const found = list[pick % list.length]
  if (found === undefined) throw new Error('nothing to pick from')
  return found
}

/** The whole arrangement: a store, three processes whose clocks differ, consumers, and the tokens that live. */
function createWorld(rotateEverySeconds: number) {
  let now = start
  /** The latest that it ever was: after a clock was set back, what a process read counts until then and ten seconds more. */
  let latest = now
  const store = createTestRingStore()
  const revoked = new Map<string, number>()
  /** Keys that had to sign before everybody could know them, because another was revoked. */
  const hurried = new Set<string>()
  let tokens: Token[] = []
  const consumers: (Consumer | undefined)[] = Array.from({ length: 3 }, () => undefined)

  const storeOf = (process: () => Process): KeyRingStore => {
    const checked = (): void => {
      if (process().isCutOff) throw new Error('no connection')
    }
    return {
      load: async () => {
        checked()
        return store.load()
      },
      save: async (state, expectedVersion) => {
        checked()
        expect(state.version).toBe(expectedVersion + 1)
        return store.save(state, expectedVersion)
      },
    }
  }
  const open = (process: () => Process): KeyRing<'ES256'> =>
    createKeyRing({
      algorithm: 'ES256',
      rotateEverySeconds,
      publishAheadSeconds,
      retireAfterSeconds,
      store: storeOf(process),
      now: () => now + process().offset,
    })
  const processes: Process[] = [0, 20, -20].map((offset) => {
    const process = { offset, isCutOff: false, cutOffUntil: 0 } as Process
    process.ring = open(() => process)
    return process
  })
  const state = (): KeyRingState => JSON.parse(String(store.text)) as KeyRingState

  const noteHurried = (at: number): void => {
    for (const { jwk, publishedAt, activeAt } of state().keys) {
      const isEarly = activeAt !== null && activeAt <= at && activeAt < publishedAt + publishAheadSeconds
      if (isEarly) hurried.add(String(jwk.kid))
    }
  }

  const sign = async (process: Process): Promise<void> => {
    const at = now + process.offset
    const text = await signJwt({}, process.ring, { expiresIn: retireAfterSeconds, now: at }).catch(
      () => undefined,
    )
    if (text === undefined) return
    const header = JSON.parse(Buffer.from(String(text.split('.')[0]), 'base64url').toString()) as {
      kid: string
    }
    tokens.push({ text, kid: header.kid, exp: Math.floor(at) + retireAfterSeconds })
  }

  const fetch = async (process: Process, slot: number): Promise<void> => {
    const { keys } = await process.ring.jwks().catch(() => ({ keys: undefined }))
    if (keys === undefined) return
    for (const jwk of keys) expect(Object.keys(jwk)).not.toContain('d')
    // A process that is cut off, or asked the store a moment ago, cannot know everything yet.
    const isCurrent = ([, at]: [string, number]): boolean =>
      !process.isCutOff && now >= Math.max(at, process.cutOffUntil) + rereadSeconds
    const knows = new Set([...revoked].filter(isCurrent).map(([kid]) => kid))
    consumers[slot] = { keys, fetchedAt: now, maxAge: process.ring.maxAgeSeconds(), knows }
  }

  const revoke = async (process: Process, pick: number): Promise<void> => {
    const kids = state().keys.map(({ jwk }) => String(jwk.kid))
    const kid = pickFrom(kids, pick)
    if ((await outcomeLater(() => process.ring.revoke(kid))) !== 'accepted') return
    revoked.set(kid, latest)
    noteHurried(now + process.offset)
  }

  const act = async (what: Event): Promise<void> => {
    if (what.kind === 'step') {
      now += what.seconds
      latest = Math.max(latest, now)
      return
    }
    if (what.kind === 'storm') {
      await Promise.all(processes.map(({ ring }) => ring.jwks().catch(() => undefined)))
      return
    }
    const process = pickFrom(processes, what.process)
    if (what.kind === 'sign') await sign(process)
    if (what.kind === 'fetch') await fetch(process, what.pick % consumers.length)
    if (what.kind === 'rotate') await process.ring.rotate().catch(() => undefined)
    if (what.kind === 'revoke') await revoke(process, what.pick)
    if (what.kind === 'cut') {
      process.isCutOff = !process.isCutOff
      process.cutOffUntil = latest
    }
    // What a process alone knew is gone with it; the store is all that is left.
    if (what.kind === 'restart') process.ring = open(() => process)
  }

  /** Reads the set anew when its time is up; undefined for a consumer that gets no answer then. */
  const refresh = async (consumer: Consumer, slot: number): Promise<Consumer | undefined> => {
    if (now < consumer.fetchedAt + consumer.maxAge) return consumer
    await fetch(pickFrom(processes, slot), slot)
    if (consumers[slot] === consumer) consumers[slot] = undefined
    return consumers[slot]
  }

  /** Holds every living token against every consumer: what is wrong. */
  const faults = async (): Promise<string[]> => {
    tokens = tokens.filter(({ exp }) => exp > now)
    const found: string[] = []
    for (const [slot, consumer] of consumers.entries()) {
      const current = consumer === undefined ? undefined : await refresh(consumer, slot)
      if (current === undefined) continue
      const kids = new Set(current.keys.map(({ kid }) => kid))
      for (const { kid } of tokens) {
        if (current.knows.has(kid) && kids.has(kid)) found.push(`${slot} has the revoked ${kid}`)
        if (!revoked.has(kid) && !hurried.has(kid) && !kids.has(kid)) found.push(`${slot} misses ${kid}`)
      }
    }
    return found
  }

  /** The same by what a consumer really does, in the end. */
  const lastFaults = async (): Promise<string[]> => {
    const process = pickFrom(processes, 0)
    process.isCutOff = false
    now = latest + rereadSeconds
    await fetch(process, 0)
    const keys = createLocalJwkSet({ keys: consumers[0]?.keys ?? [] })
    const policy = { issuer: null, audience: null, now, clockToleranceSeconds: 60 } as const
    const found: string[] = []
    for (const { text, kid, exp } of tokens) {
      const outcome = exp > now ? await outcomeLater(() => verifyJwt(text, keys, policy)) : 'expired'
      const expected = exp <= now ? 'expired' : revoked.has(kid) ? 'key_not_found' : 'accepted'
      if (outcome !== expected) found.push(`${kid}: ${outcome}`)
    }
    const waiting = state().keys.filter(({ activeAt }) => activeAt === null || activeAt > now + 20)
    return waiting.length > 1 ? [...found, 'two next keys'] : found
  }
  return { act, faults, lastFaults, processes }
}

test('every unexpired token verifies at every consumer, and a revoked key nowhere after the next reading', async () => {
  const plan = fc.record({
    rotateEverySeconds: fc.integer({ min: publishAheadSeconds, max: 3 * publishAheadSeconds }),
    events: fc.array(event, { minLength: 10, maxLength: 60, size: 'max' }),
  })
  await fc.assert(
    fc.asyncProperty(plan, async ({ rotateEverySeconds, events }) => {
      const world = createWorld(rotateEverySeconds)
      await Promise.all(world.processes.map(({ ring }) => ring.signingKey()))
      for (const what of events) {
        await world.act(what)
        expect(await world.faults()).toEqual([])
      }
      expect(await world.lastFaults()).toEqual([])
    }),
    { numRuns: 50 },
  )
}, 120_000)
