/**
 * Whether the time of a refused log-in tells that there is such an account: an unknown name against a wrong password, for
 * each kind of hash that accounts may hold and for all of them together (P15, P29). The statistic is printed.
 * `npm run test:faults -- login-timing --pairs 2000` for more samples.
 */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, onTestFinished, test } from 'vitest'
import { createHasher } from '../../src/accounts/hasher.ts'
import { openSqliteStore } from '../../src/store/open-sqlite.ts'
import { createTestServer } from '../create-test-server.ts'
import { event, user } from '../../src/store/contract/records.ts'
import { percentile } from './flood-client.ts'
import { foreignKinds } from './foreign-hashes.ts'

const pairs = Number(process.env['TESSERA_TIMING_PAIRS'] ?? 150)
const warmUps = 20
/** |t| of Welch's test: beyond it the two can be told apart. */
const alike = 4.5

const password = 'the password of an account'

/** Ours at its full cost, the others at so little that what is around them cannot hide in it. */
const kinds: readonly (readonly [name: string, hashes: () => Promise<readonly string[]>])[] = [
  ['argon2id of ours', async () => [await createHasher().hash(password)]],
  ...foreignKinds.map(({ name, hash }) => [name, async () => [await hash(password)]] as const),
  ['all of these in equal parts', () => Promise.all(foreignKinds.map(({ hash }) => hash(password)))],
]

interface Sample {
  readonly meanMs: number
  readonly variance: number
  readonly size: number
}

/** Without the slowest tenth, which is the machine's. */
function sampleOf(times: readonly number[]): Sample {
  const kept = times.filter((ms) => ms <= percentileExact(times, 0.9))
  const meanMs = kept.reduce((sum, ms) => sum + ms, 0) / kept.length
  const variance = kept.reduce((sum, ms) => sum + (ms - meanMs) ** 2, 0) / (kept.length - 1)
  return { meanMs, variance, size: kept.length }
}

function percentileExact(times: readonly number[], part: number): number {
  const sorted = times.toSorted((one, other) => one - other)
  return sorted[Math.floor((sorted.length - 1) * part)] ?? Number.NaN
}

function welch(one: Sample, other: Sample): number {
  return (one.meanMs - other.meanMs) / Math.sqrt(one.variance / one.size + other.variance / other.size)
}

async function openWith(hashes: readonly string[]) {
  const directory = mkdtempSync(join(tmpdir(), 'tessera-timing-'))
  onTestFinished(() => rmSync(directory, { recursive: true, force: true }))
  const path = join(directory, 'tessera.db')
  const store = await openSqliteStore({ path })
  const users = Array.from({ length: pairs }, (_, index) =>
    user({ username: `user${index}`, passwordHash: hashes[index % hashes.length] ?? null }),
  )
  await store.users.insertMany(users, event)
  await store.close()
  // Opened when the accounts are there: what an unknown name costs is drawn from them.
  return createTestServer({ path, config: { throttle: 'off' }, hasher: createHasher() })
}

describe('P15, P29: the time of a refused log-in', () => {
  test.each(kinds)(
    'tells nothing of whether there is an account: %s',
    { retry: 2, timeout: 120_000 + pairs * 200 },
    async (name, hashes) => {
      const server = await openWith(await hashes())
      const timeOf = async (username: string): Promise<number> => {
        const beganMs = performance.now()
        const { status } = await server.send('POST', '/login', {
          json: { username, password: 'a wrong password' },
        })
        const ms = performance.now() - beganMs
        expect(status).toBe(401)
        return ms
      }
      const known: number[] = []
      const unknown: number[] = []
      for (let pair = -warmUps; pair < pairs; pair++) {
        // Either first, by chance: what comes before may warm or cool the machine.
        const order = Math.random() < 0.5 ? ['user', 'nobody'] : ['nobody', 'user']
        for (const who of order) {
          const ms = await timeOf(`${who}${(pair + pairs) % pairs}`)
          if (pair >= 0) (who === 'user' ? known : unknown).push(ms)
        }
      }
      const [one, other] = [sampleOf(known), sampleOf(unknown)]
      const t = welch(one, other)
      console.log(
        `${name}: |t| ${Math.abs(t).toFixed(2)} (2 x ${pairs}, alike below ${alike}); a wrong password ${one.meanMs.toFixed(2)} ms, an unknown user ${other.meanMs.toFixed(2)} ms; p99 ${percentile(known, 0.99)} and ${percentile(unknown, 0.99)} ms`,
      )
      expect(Math.abs(t)).toBeLessThan(alike)
    },
  )
})
