import { describe, expect, test } from 'vitest'
import { createKnownDevices } from '../../src/accounts/known-devices.ts'
import { deriveServerSecrets } from '../../src/keys/server-secrets.ts'
import { createTestServer, password } from '../create-test-server.ts'

const [newer, older] = ['the newer secret of a server, 32 bytes', 'the older secret of a server, 32 bytes']
const owner = { account: 'ada', credentialVersion: 1 }
const day = 86_400_000

describe('P15: a known device', () => {
  const create = (secrets: readonly [string, ...string[]] = [newer], nowMs = () => 0) =>
    createKnownDevices(deriveServerSecrets(secrets), nowMs)

  test('is recognised by the secret that it was given, under the name that it had before', () => {
    const devices = create()
    const deviceId = devices.recognise(devices.issue(owner), owner)
    expect(deviceId).toMatch(/^[\w-]{22}$/)
    expect(devices.recognise(devices.issue(owner, deviceId), owner)).toBe(deviceId)
  })

  test('is known to one account and one version of its credentials', () => {
    const devices = create()
    const secret = devices.issue(owner)
    expect(devices.recognise(secret, { ...owner, account: 'eve' })).toBeUndefined()
    expect(devices.recognise(secret, { ...owner, credentialVersion: 2 })).toBeUndefined()
  })

  test('is forgotten after half a year without a log-in', () => {
    let nowMs = 0
    const devices = create([newer], () => nowMs)
    const secret = devices.issue(owner)
    nowMs = 179 * day
    expect(devices.recognise(secret, owner)).toBeDefined()
    nowMs = 180 * day
    expect(devices.recognise(secret, owner)).toBeUndefined()
  })

  test('stays known while the server secret is rotated, and is not once it is gone', () => {
    const secret = create([older]).issue(owner)
    expect(create([newer, older]).recognise(secret, owner)).toBeDefined()
    expect(create([newer]).recognise(secret, owner)).toBeUndefined()
  })

  test.each([
    ['nothing', () => ''],
    ['another text', () => 'dv_'],
    ['a longer life', (secret: string) => secret.replace(/\.(\d+)\./, '.9$1.')],
    ['another name', (secret: string) => secret.replace(/\..{22}\./, `.${'A'.repeat(22)}.`)],
    ['another MAC', (secret: string) => `${secret.slice(0, -43)}${'A'.repeat(43)}`],
    ['something behind it', (secret: string) => `${secret}x`],
    ['a mebibyte', () => 'x'.repeat(2 ** 20)],
  ])('is not recognised by %s', (_kind, change) => {
    const devices = create()
    expect(devices.recognise(change(devices.issue(owner)), owner)).toBeUndefined()
  })
})

describe('the device secret of an answer', () => {
  test('comes with sign-up, log-in and a renewed session, and not with a refresh', async () => {
    const server = await createTestServer()
    const signedUp = await server.signup('ada')
    expect(signedUp.device_secret).toMatch(/^dv_/)
    expect((await server.login('ada')).device_secret).toMatch(/^dv_/)
    const next = 'another horse, another staple'
    const changed = await server.send('POST', '/password', {
      bearer: signedUp.access_token,
      json: { current_password: password, new_password: next, renew: true },
    })
    expect(changed.body['device_secret']).toMatch(/^dv_/)
    const refreshed = await server.refresh(String(changed.body['refresh_token']))
    expect(refreshed.body).not.toHaveProperty('device_secret')
  })

  test('is no password: a log-in with it alone is refused like any other', async () => {
    const server = await createTestServer()
    const { device_secret } = await server.signup('ada')
    const json = { username: 'ada', password: device_secret, device_secret }
    expect(await server.send('POST', '/login', { json })).toMatchObject({ status: 401 })
  })

  test('is there in cookie mode too, where the refresh token is not', async () => {
    const server = await createTestServer()
    await server.signup('ada')
    const reply = await server.send('POST', '/login', {
      json: { username: 'ada', password },
      headers: { origin: 'https://auth.example.test', 'tessera-transport': 'cookie' },
    })
    expect(reply.body).toHaveProperty('device_secret')
    expect(reply.body).not.toHaveProperty('refresh_token')
  })
})
