/** Growth: the database of an installation whose users come and go is as large after 90 days more. */
import { mkdtempSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import Libsql from 'libsql'
import { expect, onTestFinished, test } from 'vitest'
import { createCleanUp } from '../../src/sessions/clean-up.ts'
import { createRefreshEngine } from './refresh-engine.ts'

const dayMs = 86_400_000
/** Sessions live for 14 idle days, rows for 30 more, lines of the audit trail for 90 in all. */
const settled = 100
const signIns = 20

test('P21: over 90 simulated days the size of the database stays flat', { timeout: 240_000 }, async () => {
  const folder = mkdtempSync(join(tmpdir(), 'tessera-growth-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  const path = join(folder, 'tessera.db')
  let nowMs = Date.UTC(2026, 0, 1)
  const engine = await createRefreshEngine(() => nowMs, path)
  const cleanUp = createCleanUp({
    store: engine.store,
    clock: { hasJumped: () => false },
    auditSeconds: 90 * 86_400,
    nowMs: () => nowMs,
  })
  const sizeOf = (): { bytes: number; sessions: number } => {
    const database = new Libsql(path)
    database.pragma('wal_checkpoint(TRUNCATE)')
    const [row] = database.prepare('select count(*) as sessions from sessions').all([]) as {
      sessions: number
    }[]
    database.close()
    return { bytes: statSync(path).size, sessions: row?.sessions ?? 0 }
  }
  let held: string[] = []
  const sizes: { day: number; bytes: number; sessions: number }[] = []
  for (let day = 1; day <= settled + 90; day += 1) {
    nowMs += dayMs
    // Each device comes on three days, then is never seen again; a tenth of them log out.
    const answers = await Promise.all(held.map((token) => engine.refresh(token, undefined)))
    const begun = await Promise.all(Array.from({ length: signIns }, engine.begin))
    await Promise.all(begun.slice(0, signIns / 10).map(engine.end))
    const next = answers.flatMap((answer) => ('token' in answer ? [answer.token] : []))
    held = [...next.slice(0, signIns * 2), ...begun.slice(signIns / 10)].slice(-signIns * 3)
    await cleanUp()
    if (day % 15 === 10) sizes.push({ day, ...sizeOf() })
  }
  await engine.close()
  for (const { day, bytes, sessions } of sizes)
    console.log(`day ${day}: ${(bytes / 1024 / 1024).toFixed(2)} MiB, ${sessions} sessions`)
  const before = sizes.find(({ day }) => day === settled)
  const after = sizes.at(-1)
  expect(after?.bytes).toBeLessThan((before?.bytes ?? 0) * 1.05)
  expect(after?.sessions).toBeLessThan((before?.sessions ?? 0) * 1.05)
})
