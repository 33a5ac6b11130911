import { describe, expect, test } from 'vitest'
import { createHasher } from '../../src/accounts/hasher.ts'
import type { TestServer } from '../create-test-server.ts'
import { cheapHash, countingHasher, createTestServer, password } from '../create-test-server.ts'

/** A pool that refuses nothing, so that the throttle alone decides. */
const unbounded = { queueLimit: 20_000, queueMs: 60_000 }

/** The longest wait that the throttle may cause, in seconds. */
const longestWait = 900

interface Guess {
  readonly username?: string
  readonly from?: string
  readonly deviceSecret?: string | undefined
  readonly password?: string
}

function attempt(server: TestServer, { username = 'ada', from, deviceSecret, ...typed }: Guess = {}) {
  return server.send('POST', '/login', {
    json: {
      username,
      password: typed.password ?? 'a wrong password',
      ...(deviceSecret !== undefined && { device_secret: deviceSecret }),
    },
    ...(from !== undefined && { remoteAddress: from }),
  })
}

/** As many as the server takes at once; more get 503 before anybody looks at them, which the throttle has no part in. */
const atOnce = 4000

async function attempts(server: TestServer, guesses: readonly Guess[]): Promise<number[]> {
  const statuses: number[] = []
  const waiting = guesses.values()
  const attack = async (): Promise<void> => {
    for (const guess of waiting) statuses.push((await attempt(server, guess)).status)
  }
  await Promise.all(Array.from({ length: atOnce }, attack))
  return statuses
}

/** As many at a time as a server takes on and more than wait in the queues. */
async function tenThousandGuesses(server: TestServer): Promise<void> {
  for (let wave = 0; wave < 5; wave++) {
    await attempts(
      server,
      times(2000, (index) => ({ from: network(index % 300) })),
    )
  }
}

const network = (index: number): string =>
  `2001:db8:${(index >> 8).toString(16)}:${(index & 255).toString(16)}::1`
const times = <Value>(count: number, make: (index: number) => Value): Value[] =>
  Array.from({ length: count }, (_, index) => make(index))

describe('P15: guesses at one account', () => {
  test('2,000 from 1,000 networks hash a hundred, and keep the owner out for no longer than 15 minutes', async () => {
    const hasher = countingHasher(createHasher({ parameters: cheapHash, ...unbounded }))
    const server = await createTestServer({ hasher })
    await server.signup('ada')
    const statuses = await attempts(
      server,
      times(2000, (index) => ({ from: network(index % 1000) })),
    )
    expect(hasher.calls.verify).toBe(100)
    expect(statuses.filter((status) => status === 401)).toHaveLength(100)
    const refused = await attempt(server, { password })
    expect(refused.status).toBe(429)
    const wait = Number(refused.headers.get('retry-after'))
    expect(wait).toBeGreaterThan(0)
    expect(wait).toBeLessThanOrEqual(longestWait)
    server.wait(wait)
    expect(await attempt(server, { password })).toMatchObject({ status: 200 })
  })

  test('the owner signs in from a known device in the middle of them, from the same network too', async () => {
    const server = await createTestServer({ hasher: createHasher({ parameters: cheapHash, ...unbounded }) })
    const { device_secret: deviceSecret } = await server.signup('ada')
    const flood = tenThousandGuesses(server)
    const owner = { password, deviceSecret }
    for (const from of [network(0), network(299), '203.0.113.7']) {
      expect(await attempt(server, { ...owner, from })).toMatchObject({ status: 200 })
    }
    await flood
    expect(await attempt(server, { ...owner, from: network(0) })).toMatchObject({ status: 200 })
    expect(await attempt(server, { password })).toMatchObject({ status: 429 })
  })

  test('from one network never close the account to another', async () => {
    const server = await createTestServer()
    await server.signup('ada')
    for (let hour = 0; hour < 100; hour++) {
      await attempts(
        server,
        times(10, () => ({ from: network(1) })),
      )
      server.wait(3600)
    }
    expect(await attempt(server, { from: network(1), password })).toMatchObject({ status: 200 })
    expect(await attempt(server, { from: network(2), password })).toMatchObject({ status: 200 })
  })

  test('are as few where nobody has the name', async () => {
    const hasher = countingHasher(createHasher({ parameters: cheapHash, ...unbounded }))
    const server = await createTestServer({ hasher })
    await attempts(
      server,
      times(3000, (index) => ({ from: network(index) })),
    )
    expect(hasher.calls.verifyNothing).toBe(100)
  })

  test('count by the name, however it is written', async () => {
    const server = await createTestServer()
    await server.signup('ada')
    const names = ['ada', 'ADA', 'Ａｄａ']
    const statuses = await attempts(
      server,
      times(30, (index) => ({ username: names[index % 3] ?? '' })),
    )
    expect(statuses.filter((status) => status === 401)).toHaveLength(10)
  })
})

describe('P15: a known device', () => {
  test('has a limit of its own, which its right passwords do not touch', async () => {
    const server = await createTestServer()
    const { device_secret: deviceSecret } = await server.signup('ada')
    const statuses = await attempts(
      server,
      times(15, () => ({ deviceSecret })),
    )
    expect(statuses.filter((status) => status === 401)).toHaveLength(10)
    expect(await attempt(server, { deviceSecret, password })).toMatchObject({ status: 429 })
    // A thief of the secret has kept nobody else out.
    expect(await attempt(server, { password })).toMatchObject({ status: 200 })
  })

  test.each([
    ['another account', async (server: TestServer) => (await server.signup('eve')).device_secret],
    ['before the password changed', changedPassword],
  ])('of %s is a stranger', async (_whose, secretOf) => {
    const server = await createTestServer()
    await server.signup('ada')
    const deviceSecret = await secretOf(server)
    await attempts(
      server,
      times(10, () => ({})),
    )
    expect(await attempt(server, { deviceSecret, password })).toMatchObject({ status: 429 })
  })

  async function changedPassword(server: TestServer): Promise<string | undefined> {
    const { device_secret, access_token } = await server.login('ada')
    const json = { current_password: password, new_password: 'another horse, another staple' }
    const reply = await server.send('POST', '/password', { bearer: access_token, json })
    expect(reply.status).toBe(204)
    return device_secret
  }

  test('is one with a session: its owner changes the password during a flood, and a thief gets ten guesses', async () => {
    const server = await createTestServer({ hasher: createHasher({ parameters: cheapHash, ...unbounded }) })
    const { access_token: bearer } = await server.signup('ada')
    const { access_token: stolen } = await server.login('ada')
    await attempts(
      server,
      times(2000, (index) => ({ from: network(index) })),
    )
    const change = (token: string, current_password: string) =>
      server.send('POST', '/password', {
        bearer: token,
        json: { current_password, new_password: 'another horse, another staple' },
      })
    const guesses = await Promise.all(times(20, () => change(stolen, 'a wrong password')))
    expect(guesses.filter(({ status }) => status === 401)).toHaveLength(10)
    expect(guesses.filter(({ status }) => status === 429)).toHaveLength(10)
    expect(await change(bearer, password)).toMatchObject({ status: 204 })
  })

  test('of a directory that is not ours is known by the name that it types', async () => {
    const authenticate = async ({ username, password: typed }: { username: string; password: string }) =>
      typed === password ? { id: `id of ${username}`, username } : null
    const hasher = createHasher({ parameters: cheapHash, ...unbounded })
    const server = await createTestServer({ config: { authenticate }, hasher })
    const { device_secret: deviceSecret } = await server.login('ada')
    await attempts(
      server,
      times(2000, (index) => ({ from: network(index) })),
    )
    expect(await attempt(server, { password })).toMatchObject({ status: 429 })
    expect(await attempt(server, { password, deviceSecret })).toMatchObject({ status: 200 })
    expect(await attempt(server, { username: 'eve', password, deviceSecret })).toMatchObject({ status: 200 })
  })
})

describe('P15: guesses at many accounts', () => {
  test('from one network are counted together, by /64 and by /24', async () => {
    const hasher = createHasher({ parameters: cheapHash, ...unbounded })
    for (const [inside, outside] of [
      ['2001:db8::', '2001:db8:0:1::1'],
      ['198.51.100.', '198.51.101.1'],
    ] as const) {
      const server = await createTestServer({ hasher })
      const guesses = times(400, (index) => ({ username: `user ${index}`, from: `${inside}${index % 250}` }))
      const statuses = await attempts(server, guesses)
      expect(statuses.filter((status) => status === 401)).toHaveLength(300)
      expect(await attempt(server, { username: 'next', from: outside })).toMatchObject({ status: 401 })
    }
  })

  test('from everywhere are slowed to twenty a second, known devices excepted', async () => {
    const hasher = createHasher({ parameters: cheapHash, ...unbounded })
    const server = await createTestServer({ hasher })
    const { device_secret: deviceSecret } = await server.signup('ada')
    const spray = (round: number) =>
      attempts(
        server,
        times(1500, (index) => ({ username: `user ${round} ${index}`, from: network(index) })),
      )
    expect((await spray(0)).filter((status) => status === 401)).toHaveLength(1000)
    server.wait(10)
    expect((await spray(1)).filter((status) => status === 401)).toHaveLength(200)
    expect(await attempt(server, { password, from: network(9999) })).toMatchObject({ status: 429 })
    expect(await attempt(server, { password, deviceSecret })).toMatchObject({ status: 200 })
  })

  test('by names that a header makes up come from one network', async () => {
    const server = await createTestServer()
    const statuses = await Promise.all(
      times(20, (index) =>
        server.send('POST', '/login', {
          json: { username: 'ada', password: 'x' },
          headers: { 'x-forwarded-for': `198.51.${index}.1` },
        }),
      ),
    )
    expect(statuses.filter(({ status }) => status === 429)).toHaveLength(10)
  })

  test('behind a proxy that is trusted come from where it says, and not from what the client wrote before it', async () => {
    const server = await createTestServer({ config: { trustProxy: 1 } })
    const from = (header: string) =>
      server.send('POST', '/login', {
        json: { username: 'ada', password: 'x' },
        headers: { 'x-forwarded-for': header },
      })
    const forged = await Promise.all(times(20, (index) => from(`192.0.2.${index}, 198.51.100.1`)))
    expect(forged.filter(({ status }) => status === 429)).toHaveLength(10)
    expect(await from('198.51.100.1, 192.0.2.1')).toMatchObject({ status: 401 })
  })
})

test('P15: a right password is never counted, whether a session begins or a scope is refused', async () => {
  const server = await createTestServer({ hasher: createHasher({ parameters: cheapHash, ...unbounded }) })
  await server.signup('ada')
  for (const scope of [undefined, 'admin'] as const) {
    for (let count = 0; count < 40; count++) {
      const json = { username: 'ada', password, ...(scope !== undefined && { scope }) }
      const { status } = await server.send('POST', '/login', { json })
      expect(status).toBe(scope === undefined ? 200 : 403)
    }
  }
})

test('P15: sign-up takes turns in the same pool, and a name that is taken counts as a guess', async () => {
  const server = await createTestServer()
  await server.signup('ada')
  const json = { username: 'ada', password }
  const replies = await Promise.all(times(20, () => server.send('POST', '/signup', { json })))
  expect(replies.filter(({ status }) => status === 409)).toHaveLength(10)
  expect(replies.filter(({ status }) => status === 429)).toHaveLength(10)
  const full = createHasher({ parameters: cheapHash, concurrency: 0, queueLimit: 0 })
  const busy = await createTestServer({ hasher: full })
  expect(await busy.send('POST', '/signup', { json })).toMatchObject({ status: 503 })
})
