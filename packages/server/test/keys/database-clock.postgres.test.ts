/** P24: transitions are stored by the database's clock, whatever the clocks of the processes say. */
import { expect, onTestFinished, test } from 'vitest'
import { createKeyAdministration } from '../../src/keys/key-administration.ts'
import { deriveServerSecrets } from '../../src/keys/server-secrets.ts'
import { loadSigningKeys } from '../../src/keys/signing-keys.ts'
import { issuer, serverSecret } from '../create-test-server.ts'
import { openTestStore } from '../store/open-test-database.ts'

const day = 86_400
const start = 1_767_225_600

test.each([60, 3600])(
  'P24: with processes %i s ahead and behind, keys are handed over by the clock of the database',
  async (apart) => {
    let databaseNow = start
    const store = await openTestStore(() => databaseNow * 1000)
    onTestFinished(() => store.close())
    const load = (offset: number) =>
      loadSigningKeys({
        store: store.signingKeys,
        secrets: deriveServerSecrets([serverSecret]),
        issuer,
        algorithm: 'ES256',
        purpose: 'access',
        jwtSecret: undefined,
        rotateSeconds: day,
        keepSeconds: 1020,
        nowMs: () => (databaseNow + offset) * 1000,
      })
    const [ahead, behind] = [await load(apart), await load(-apart)]
    const first = ahead.signingKey.kid
    databaseNow = start + day - 1
    await ahead.follow()
    await behind.follow()
    expect([ahead.signingKey.kid, behind.signingKey.kid]).toEqual([first, first])
    databaseNow = start + day
    await ahead.follow()
    await behind.follow()
    expect(ahead.signingKey.kid).not.toBe(first)
    expect(behind.signingKey.kid).toBe(ahead.signingKey.kid)
    const rows = await store.signingKeys.list(issuer)
    expect(rows.find(({ state }) => state === 'active')?.activatedAt).toBe(start + day)
    expect(rows.find(({ state }) => state === 'retired')?.retiredAt).toBe(start + day)
    expect(rows.find(({ state }) => state === 'next')?.createdAt).toBe(start + day)
  },
)

test('P24: by hand, too, keys are handed over and called back by the clock of the database', async () => {
  let databaseNow = start
  const store = await openTestStore(() => databaseNow * 1000)
  onTestFinished(() => store.close())
  const secrets = deriveServerSecrets([serverSecret])
  const shared = { store: store.signingKeys, secrets, issuer, keepSeconds: 1020 }
  const ahead = { nowMs: () => (databaseNow + day) * 1000 }
  await loadSigningKeys({
    ...shared,
    ...ahead,
    algorithm: 'ES256',
    purpose: 'access',
    jwtSecret: undefined,
    rotateSeconds: day,
  })
  const byHand = createKeyAdministration({ ...shared, ...ahead, leadSeconds: 3600 })
  expect(await byHand.rotate('ES256', 'access')).toMatchObject({
    status: 'too_early',
    possibleAt: start + 3600,
  })
  databaseNow = start + 3600
  const rotated = await byHand.rotate('ES256', 'access')
  expect(rotated).toMatchObject({ status: 'rotated' })
  const find = async (state: string) => (await byHand.list()).find((row) => row.state === state)
  expect(await find('active')).toMatchObject({ activatedAt: databaseNow })
  databaseNow += 60
  await byHand.revoke((await find('active'))?.kid ?? '')
  expect(await find('gone')).toMatchObject({ revokedAt: databaseNow, goneAt: databaseNow })
  expect((await store.revocations.read({ now: 0, limit: 10 })).entries).toContainEqual(
    expect.objectContaining({ kind: 'key', createdAt: databaseNow }),
  )
})
