import { decodeUnverified } from '@tessera/jose/unverified'
import { expect, test } from 'vitest'
import type { TestServer } from '../create-test-server.ts'
import { createTestServer } from '../create-test-server.ts'
import { basic, registerClient } from '../register-client.ts'

/** How long access tokens of one session live, by what they say and by what their answers say. */
async function lives(server: TestServer, count: number) {
  let { refresh_token: refreshToken } = await server.signup()
  const told: number[] = []
  const meant: number[] = []
  for (let at = 0; at < count; at += 1) {
    const { body } = await server.refresh(refreshToken)
    refreshToken = String(body['refresh_token'])
    told.push(Number(body['expires_in']))
    meant.push(lifeOf(String(body['access_token'])))
  }
  return { told, meant }
}

function lifeOf(token: string): number {
  const { exp = 0, iat = 0 } = decodeUnverified(token).unverified.claims
  return Number(exp) - Number(iat)
}

test('tokens live as long as is configured, where nothing else is', async () => {
  const { told, meant } = await lives(await createTestServer(), 5)
  expect(told).toEqual([600, 600, 600, 600, 600])
  expect(meant).toEqual(told)
})

test('with jitter each token ends up to that share earlier and never later, and expires_in says so', async () => {
  const server = await createTestServer({ config: { accessTokenJitterPercent: 20 } })
  const { told, meant } = await lives(server, 60)
  expect(meant).toEqual(told)
  expect(Math.max(...told)).toBeLessThanOrEqual(600)
  expect(Math.min(...told)).toBeGreaterThanOrEqual(480)
  // One of 121 lives for each: that sixty are nearly the same does not happen.
  expect(new Set(told).size).toBeGreaterThan(20)
})

test('tokens of programs end earlier by the same share', async () => {
  const server = await createTestServer({ config: { accessTokenJitterPercent: 50 } })
  const { clientId, secret } = await registerClient(server)
  const seconds: number[] = []
  for (let at = 0; at < 20; at += 1) {
    const { body } = await server.send('POST', '/token', {
      form: { grant_type: 'client_credentials' },
      headers: basic(clientId, secret),
    })
    seconds.push(Number(body['expires_in']))
    expect(lifeOf(String(body['access_token']))).toBe(seconds.at(-1))
  }
  expect(Math.max(...seconds)).toBeLessThanOrEqual(600)
  expect(Math.min(...seconds)).toBeGreaterThanOrEqual(300)
  expect(new Set(seconds).size).toBeGreaterThan(5)
})
