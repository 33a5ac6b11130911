import { describe, expect, onTestFinished, test } from 'vitest'
import { environmentOf, postgres } from './databases.ts'
import { testKills } from './kill-suite.ts'
import { refreshRequest, signIn } from './refresh-client.ts'
import { createServerProcess } from './server-process.ts'

const rounds = 40

describe('on PostgreSQL', () => {
  testKills(postgres)

  test('P22: two processes are given the same tokens at once: one successor of each, nobody signed out', async () => {
    const opened = await postgres.open()
    const secrets = { TESSERA_SECRETS: 'one secret for both of the processes of a test' }
    const settings = { ...environmentOf(opened), ...secrets }
    const first = await createServerProcess(settings)
    const second = await createServerProcess({ ...settings, TESSERA_ISSUER: first.url })
    onTestFinished(async () => {
      await Promise.all([first.remove(), second.remove()])
      await opened.drop()
    })
    await first.start()
    await second.start()
    let tokens = (await signIn(first.url, 12)).map(({ refreshToken }) => refreshToken)
    for (let round = 1; round <= rounds; round += 1) {
      const answers = await Promise.all(
        tokens.map((token) =>
          Promise.all([first, second, first, second].map(({ url }) => refreshRequest(url, token))),
        ),
      )
      const successors = answers.map((all) => new Set(all.map((answer) => answer?.body['refresh_token'])))
      expect(successors.map(({ size }) => size)).toEqual(tokens.map(() => 1))
      tokens = successors.flatMap((all) => [...all].map(String))
      expect(tokens.map((token) => token.split('.')[2])).toEqual(tokens.map(() => String(round)))
    }
  })
})
