/** A server that is told to stop finishes what it accepted. */
import { expect, onTestFinished, test } from 'vitest'
import { signIn } from './refresh-client.ts'
import { createServerProcess } from './server-process.ts'

test('SIGTERM: what was accepted is answered, the exit code is 0, and everybody goes on afterwards', async () => {
  const server = await createServerProcess()
  onTestFinished(server.remove)
  await server.start()
  const clients = await signIn(server.url, 8)
  const answers = clients.map((client) => client.attempt())
  await new Promise((go) => setTimeout(go, 15))
  const stopped = server.kill('SIGTERM')
  const statuses = (await Promise.all(answers)).map((answer) => answer?.status)
  // Accepted or refused at the door, and nothing between.
  expect(statuses.filter((status) => status !== 200 && status !== undefined)).toEqual([])
  expect(await stopped).toBe(0)
  await server.start()
  for (const client of clients) expect((await client.attempt())?.status).toBe(200)
})
