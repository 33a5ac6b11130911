/**
 * A remote JWK Set as a machine of states: an issuer that publishes, retires, fails and is slow, tokens of any key ID,
 * clocks that jump, snapshots from elsewhere, in any order (fast-check). Whatever happens, the promises below hold.
 */
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { createRemoteJwkSet, type JwkSetSnapshot, type RemoteJwkSet } from '../../src/jwks/index.ts'
import { outcomeLater } from '../outcome.ts'
import { epoch, jwksUrl, publicJwk, settle } from './issuers.ts'

const cooldown = 10
const lifetime = 100
/** The set's own promise: how long keys are used beyond their lifetime. */
const stale = 1000
const known = ['a', 'b', 'c']
const kids = [...known, 'x', 'y', 'z']

/** A fetch as the issuer saw it. */
interface Flight {
  readonly beganAt: number
  endedAt: number | undefined
  /** The keys of its answer; undefined when it failed. */
  names: readonly string[] | undefined
  readonly answer: (answer: Response | Error) => void
}

interface World {
  now: number
  readonly set: RemoteJwkSet
  readonly flights: Flight[]
  /** What the issuer publishes; never nothing. */
  readonly published: Set<string>
  readonly refusals: { readonly kid: string; readonly firstAskedAt: number; readonly at: number }[]
  readonly asked: Map<string, number>
  readonly pending: Promise<void>[]
  readonly snapshots: JwkSetSnapshot[]
}

function createWorld(): World {
  const world: World = {
    now: 1000,
    flights: [],
    published: new Set(['a']),
    refusals: [],
    asked: new Map(),
    pending: [],
    snapshots: [],
    set: createRemoteJwkSet(jwksUrl, {
      now: () => world.now,
      wallNow: () => epoch + world.now,
      cooldownMs: cooldown * 1000,
      staleSeconds: stale,
      fetch: () =>
        new Promise((resolve, reject) => {
          world.flights.push({
            beganAt: world.now,
            endedAt: undefined,
            names: undefined,
            answer: (answer) => (answer instanceof Error ? reject(answer) : resolve(answer)),
          })
        }),
    }),
  }
  return world
}

const open = (world: World): Flight[] => world.flights.filter(({ endedAt }) => endedAt === undefined)

async function answerOldest(world: World, works: boolean): Promise<void> {
  const [flight] = open(world)
  if (flight === undefined) return
  flight.endedAt = world.now
  if (works) flight.names = [...world.published]
  const headers = { 'cache-control': `max-age=${lifetime}` }
  const body = JSON.stringify({ keys: [...world.published].map(publicJwk) })
  flight.answer(works ? new Response(body, { headers }) : new TypeError('fetch failed'))
  await settle()
}

/** The keys that the last good fetch brought, while they may be used. */
function promised(world: World): readonly string[] {
  const last = world.flights.filter(({ names }) => names !== undefined).at(-1)
  return last !== undefined && world.now < last.beganAt + lifetime + stale ? last.names! : []
}

async function ask(world: World, kid: string): Promise<void> {
  const isPromised = promised(world).includes(kid)
  const firstAskedAt = world.asked.get(kid) ?? world.now
  world.asked.set(kid, firstAskedAt)
  const outcome = outcomeLater(() => world.set.selectKeys({ alg: 'ES256', kid })).then((code) => {
    if (code === 'key_not_found') world.refusals.push({ kid, firstAskedAt, at: world.now })
    else expect(['accepted', 'keys_unavailable']).toContain(code)
    return code
  })
  if (isPromised) expect(await outcome).toBe('accepted')
  else world.pending.push(outcome.then(() => undefined))
  await settle()
}

const step = fc.oneof(
  { weight: 6, arbitrary: fc.constantFrom(...kids).map((kid) => ({ do: 'ask', kid }) as const) },
  { weight: 3, arbitrary: fc.constant({ do: 'answer', works: true } as const) },
  { weight: 1, arbitrary: fc.constant({ do: 'answer', works: false } as const) },
  {
    weight: 4,
    arbitrary: fc.constantFrom(0.1, 1, 3, 9, 11, 81, 3600).map((by) => ({ do: 'pass', by }) as const),
  },
  { weight: 1, arbitrary: fc.constantFrom(...known).map((kid) => ({ do: 'publish', kid }) as const) },
  { weight: 1, arbitrary: fc.constantFrom(...known).map((kid) => ({ do: 'retire', kid }) as const) },
  { weight: 1, arbitrary: fc.constant({ do: 'snapshot' } as const) },
  { weight: 1, arbitrary: fc.nat().map((index) => ({ do: 'hydrate', index }) as const) },
)
type Step = typeof step extends fc.Arbitrary<infer S> ? S : never

async function take(world: World, one: Step): Promise<void> {
  if (one.do === 'ask') return ask(world, one.kid)
  if (one.do === 'answer') return answerOldest(world, one.works)
  if (one.do === 'pass') world.now += one.by
  else if (one.do === 'publish') world.published.add(one.kid)
  else if (one.do === 'retire' && world.published.size > 1) world.published.delete(one.kid)
  else if (one.do === 'snapshot') world.snapshots.push(...[world.set.snapshot() ?? []].flat())
  else if (one.do === 'hydrate') hydrateOld(world, one.index)
}

/** A snapshot that is older than what is at hand changes nothing. */
function hydrateOld({ set, snapshots }: World, index: number): void {
  const snapshot = snapshots[index % Math.max(1, snapshots.length)]
  if (snapshot !== undefined) expect(set.hydrate(snapshot)).toBe(false)
}

/** The most fetches that began within one cool-down, of those that no failure came before. */
function mostWithin(beginnings: readonly number[], seconds: number): number {
  return Math.max(
    0,
    ...beginnings.map((at) => beginnings.filter((one) => one >= at && one < at + seconds).length),
  )
}

test('a remote JWK Set keeps its promises, whatever comes in whatever order', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 5, maxLength: 80 }), async (steps) => {
      const world = createWorld()
      for (const one of steps) {
        await take(world, one)
        expect(open(world).length, 'fetches at the same time').toBeLessThanOrEqual(1)
      }
      for (let turn = 0; open(world).length > 0 && turn < 10; turn += 1) await answerOldest(world, true)
      expect(open(world)).toEqual([])
      await Promise.all(world.pending)

      for (const { kid, firstAskedAt, at } of world.refusals) {
        const word = world.flights.find(
          ({ beganAt, endedAt, names }) =>
            beganAt >= firstAskedAt &&
            names !== undefined &&
            !names.includes(kid) &&
            endedAt! <= at &&
            // A word counts for the cool-down, and for as long as its fetch took.
            at - beganAt <= cooldown + (endedAt! - beganAt),
        )
        expect(word, `a fetch that says that there is no ${kid}`).toBeDefined()
      }
      const beginnings = world.flights.map(({ beganAt }) => beganAt)
      // One for an unknown key ID and one more for a flight that had begun before it; 1 + 2 + 4 seconds apart after failures.
      expect(mostWithin(beginnings, cooldown), 'fetches in one cool-down').toBeLessThanOrEqual(5)
    }),
    { numRuns: 300 },
  )
})
