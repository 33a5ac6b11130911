/** A server that is told to stop finishes what it accepted. */
import { expect, onTestFinished, test } from 'vitest'
import { environmentOf, postgres, sqlite } from './databases.ts'
import { signIn } from './refresh-client.ts'
import { createServerProcess } from './server-process.ts'

test.each([sqlite, postgres])(
  'SIGTERM on $name: what was accepted is answered, the exit code is 0, and everybody goes on afterwards',
  async ({ open }) => {
    const database = await open()
    const server = await createServerProcess(environmentOf(database))
    onTestFinished(async () => {
      await server.remove()
      await database.drop()
    })
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
  },
)
