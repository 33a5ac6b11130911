/** P21: what another process rotated is as old as the database's clock says, whatever the clocks of the processes say. */
import { describe, expect, onTestFinished, test } from 'vitest'
import { openPostgresStore } from '../../src/store/open-postgres.ts'
import { createTestServer } from '../create-test-server.ts'
import type { TestServer } from '../create-test-server.ts'
import { createSchema, execute } from '../store/open-test-database.ts'

const hourMs = 3_600_000

/** Two processes on one database, whose own clocks are apart and have nothing to do with its clock. */
async function createProcesses(
  apartMs: number,
): Promise<{ one: TestServer; other: TestServer; url: string }> {
  const { url, drop } = await createSchema()
  onTestFinished(drop)
  const openStore = () => openPostgresStore({ url, connections: 2 })
  const startMs = Date.UTC(2026, 0, 1)
  return {
    url,
    one: await createTestServer({ openStore, startMs }),
    other: await createTestServer({ openStore, startMs: startMs + apartMs }),
  }
}

describe('P21: a replay at another process', () => {
  test.each([hourMs, -hourMs, 200 * hourMs])(
    'whose clock is %i ms off gets the same successor',
    async (apartMs) => {
      const { one, other } = await createProcesses(apartMs)
      const { refresh_token: token } = await one.signup()
      const first = await one.refresh(token)
      const again = await other.refresh(token)
      expect(again.body['refresh_token']).toBe(first.body['refresh_token'])
      const { rotatedAtMs } = await one.rowOf(String(first.body['session_id']))
      expect(Math.abs(rotatedAtMs - Date.now())).toBeLessThan(60_000)
    },
  )

  test.each([0, -hourMs])(
    'after the window, by the clock of the database, ends the session (clocks %i ms apart)',
    async (apartMs) => {
      const { one, other, url } = await createProcesses(apartMs)
      const { refresh_token: token } = await one.signup()
      await one.refresh(token)
      await execute(url, 'update sessions set rotated_at_ms = rotated_at_ms - 31000')
      expect((await other.refresh(token)).body).toMatchObject({ code: 'replayed' })
    },
  )
})
