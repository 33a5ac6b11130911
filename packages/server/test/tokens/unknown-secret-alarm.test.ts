import { expect, test } from 'vitest'
import { createTestServer } from '../create-test-server.ts'

test('P6: made-up refresh tokens are 503 and an alarm at once, then one line a minute with their number', async () => {
  const server = await createTestServer()
  const madeUp = `rt_AAAAAAAA.${'s'.repeat(22)}.0.${'m'.repeat(43)}`
  const alarms = () => server.lines.filter(({ message }) => String(message).includes('not registered'))
  for (let count = 0; count < 50; count += 1) {
    expect((await server.refresh(madeUp)).status).toBe(503)
  }
  expect(alarms()).toMatchObject([{ level: 'error', kid: 'AAAAAAAA', count: 1 }])
  server.wait(61)
  await server.refresh(madeUp)
  expect(alarms().slice(1)).toMatchObject([{ kid: 'AAAAAAAA', count: 50 }])
})
