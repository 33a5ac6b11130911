/**
 * Whether the time of a refused log-in tells that there is such an account: an unknown name against a wrong password (P15,
 * P29). The statistic is printed.
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

const pairs = 150
/** |t| of Welch's test: beyond it the two can be told apart. */
const alike = 4.5

const kinds: readonly (readonly [name: string, hash: () => Promise<string>])[] = [
  ['argon2id of ours', () => createHasher().hash('the password of an account')],
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

async function openWith(hash: string) {
  const directory = mkdtempSync(join(tmpdir(), 'tessera-timing-'))
  onTestFinished(() => rmSync(directory, { recursive: true, force: true }))
  const path = join(directory, 'tessera.db')
  const store = await openSqliteStore({ path })
  const users = Array.from({ length: 50 }, (_, index) =>
    user({ username: `user${index}`, passwordHash: hash }),
  )
  await store.users.insertMany(users, event)
  await store.close()
  // Opened when the accounts are there: what an unknown name costs is drawn from them.
  return createTestServer({ path, config: { throttle: 'off' }, hasher: createHasher() })
}

describe('P15, P29: the time of a refused log-in', () => {
  test.each(kinds)(
    'tells nothing of whether there is an account: %s',
    { retry: 2, timeout: 120_000 },
    async (name, hash) => {
      const server = await openWith(await hash())
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
      for (let pair = -20; pair < pairs; pair++) {
        // Either first, by chance: what comes before may warm or cool the machine.
        const order = Math.random() < 0.5 ? ['user', 'nobody'] : ['nobody', 'user']
        for (const who of order) {
          const ms = await timeOf(`${who}${((pair % 50) + 50) % 50}`)
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
