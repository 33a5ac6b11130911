/** The wall clock of the running server is set forward and back by an hour, between a rotation and its replay (P21). */
import { describe, expect, onTestFinished, test } from 'vitest'
import { environmentOf, postgres, sqlite } from './databases.ts'
import { refreshRequest, signIn } from './refresh-client.ts'
import { createServerProcess } from './server-process.ts'

const hourMs = 3_600_000

describe.each([sqlite, postgres])('P21: on $name', ({ open }) => {
  test.each([
    ['forward', hourMs],
    ['back', -hourMs],
  ])('an hour %s: a lost reply is sent again, and nobody is signed out', async (_, stepMs) => {
    const database = await open()
    const server = await createServerProcess(environmentOf(database))
    onTestFinished(async () => {
      await server.remove()
      await database.drop()
    })
    await server.start()
    const clients = await signIn(server.url, 6)
    const tokens = clients.map(({ refreshToken }) => refreshToken)
    // Replies that are lost, of clients without a retry key: the window alone saves them.
    const lost = await Promise.all(tokens.map((token) => refreshRequest(server.url, token)))
    await server.stepClock(stepMs)
    const again = await Promise.all(tokens.map((token) => refreshRequest(server.url, token)))
    expect(again.map((answer) => answer?.body['refresh_token'])).toEqual(
      lost.map((answer) => answer?.body['refresh_token']),
    )
    await server.stepClock(-stepMs)
    const next = await Promise.all(
      again.map((answer) => refreshRequest(server.url, String(answer?.body['refresh_token']))),
    )
    expect(next.map((answer) => answer?.status)).toEqual(next.map(() => 200))
  })
})
