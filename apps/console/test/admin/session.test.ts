import { describe, expect, test } from 'vitest'
import { createAdminSession, type AdminSession } from '../../src/admin/session.ts'
import type { Answer, Outgoing } from '../../src/admin/send.ts'

const issuer = 'https://id.example'

/** A token as the server signs it, as far as this page reads it. */
function tokenOf(claims: object): string {
  const part = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url')
  return `${part({ alg: 'ES256', typ: 'at+jwt' })}.${part(claims)}.c2ln`
}

/** A server whose answers a test can change, with what it was asked. */
function setUp() {
  const sent: Outgoing[] = []
  const clock = { ms: 0 }
  const server = {
    login: (): Answer => ({
      status: 200,
      body: { access_token: tokenOf({ sub: 'u1' }), refresh_token: 'rt_0', session_id: 's1' },
    }),
    token: (): Answer => {
      const count = sent.filter(({ path }) => path === '/token').length
      return {
        status: 200,
        body: { access_token: `at_${count}`, refresh_token: `rt_${count}`, expires_in: 300 },
      }
    },
    admin: (): Answer => ({ status: 200, body: { users: [] } }),
  }
  const send = async (request: Outgoing): Promise<Answer> => {
    sent.push(request)
    await Promise.resolve()
    if (request.path === '/login') return server.login()
    if (request.path === '/token') return server.token()
    if (request.path === '/logout') return { status: 204, body: {} }
    if (request.path.startsWith('/.well-known')) return { status: 200, body: { issuer } }
    return server.admin()
  }
  const session = createAdminSession({ send, nowMs: () => clock.ms })
  const bodies = (path: string): string[] =>
    sent.filter((request) => request.path === path).map(({ body }) => body ?? '')
  return { session, server, sent, clock, bodies }
}

async function signedIn() {
  const parts = setUp()
  await parts.session.signIn('root', 'secret')
  return parts
}

const read = (session: AdminSession): Promise<unknown> => session.call({ method: 'GET', path: '/users' })
const refuse = (error: string): Answer => ({ status: 400, body: { error, code: 'request_invalid' } })

describe('P10: a session of the administration', () => {
  test('asks for admin at login, and for the resource of the issuer at the refresh', async () => {
    const { session, bodies } = await signedIn()
    expect(bodies('/login')).toEqual(['{"username":"root","password":"secret","scope":"admin"}'])
    const [form = ''] = bodies('/token')
    expect(Object.fromEntries(new URLSearchParams(form))).toEqual({
      grant_type: 'refresh_token',
      refresh_token: 'rt_0',
      scope: 'admin',
      resource: 'https://id.example/admin',
    })
    expect(session.state()).toEqual({ status: 'signed-in', username: 'root', userId: 'u1', sessionId: 's1' })
  })

  test('is not begun where the account may not, and the session that came of it is ended', async () => {
    const { session, server, bodies } = setUp()
    server.token = () => refuse('invalid_scope')
    await expect(session.signIn('root', 'secret')).rejects.toMatchObject({ code: 'request_invalid' })
    expect(session.state()).toEqual({ status: 'signed-out' })
    expect(bodies('/logout')).toEqual(['{"refresh_token":"rt_0"}'])
  })

  test('renews its token ahead of its end, once for all calls that wait', async () => {
    const { session, clock, bodies, sent } = await signedIn()
    await read(session)
    clock.ms = 239_000
    await read(session)
    expect(bodies('/token')).toHaveLength(1)
    clock.ms = 241_000
    await Promise.all([read(session), read(session), read(session)])
    expect(bodies('/token')).toHaveLength(2)
    expect(sent.at(-1)?.headers).toMatchObject({ authorization: 'Bearer at_2' })
  })

  test('P17: sends a refresh again with the same retry key when no answer came, and another one for the next', async () => {
    const { session, server, clock, sent } = await signedIn()
    const keys = (): unknown[] =>
      sent.filter(({ path }) => path === '/token').map(({ headers }) => headers?.['idempotency-key'])
    const answer = server.token
    clock.ms = 250_000
    server.token = () => ({ status: 0, body: {} })
    await expect(read(session)).rejects.toMatchObject({ code: 'unavailable' })
    server.token = answer
    await read(session)
    const [first, second, third] = keys()
    expect(second).toBe(third)
    expect(first).not.toBe(second)
    expect(second).toMatch(/^[0-9a-f]{32}$/)
  })

  test.each([
    ['the log-in has become too old', 'invalid_scope', 'stale'],
    ['somebody ended it', 'invalid_grant', 'ended'],
  ])('asks for the password again when %s; what waits goes on', async (_, error, why) => {
    const { session, server, clock, bodies } = await signedIn()
    const answer = server.token
    server.token = () => refuse(error)
    clock.ms = 250_000
    const calls = Promise.all([read(session), read(session)])
    await expect.poll(() => session.state()).toMatchObject({ status: 'asking', why, username: 'root' })
    const late = read(session)
    server.token = answer
    await session.signIn('root', 'secret')
    expect(await calls).toHaveLength(2)
    await late
    expect(session.state().status).toBe('signed-in')
    expect(bodies('/login')).toHaveLength(2)
    // The session before is of no use any more.
    expect(bodies('/logout')).toEqual(['{"refresh_token":"rt_1"}'])
  })

  test('goes on asking when the password was wrong', async () => {
    const { session, server, clock } = await signedIn()
    const { login, token } = server
    server.token = () => refuse('invalid_scope')
    clock.ms = 250_000
    const call = read(session)
    await expect.poll(() => session.state().status).toBe('asking')
    server.login = () => ({ status: 401, body: { code: 'credentials_invalid', detail: 'wrong' } })
    await expect(session.signIn('root', 'wrong')).rejects.toMatchObject({ code: 'credentials_invalid' })
    expect(session.state().status).toBe('asking')
    Object.assign(server, { login, token })
    await session.signIn('root', 'secret')
    await call
  })

  test('refuses what waits when one signs out in the place of that, and ends at the server', async () => {
    const { session, server, clock, bodies } = await signedIn()
    server.token = () => refuse('invalid_scope')
    clock.ms = 250_000
    const call = read(session)
    await expect.poll(() => session.state().status).toBe('asking')
    session.signOut()
    await expect(call).rejects.toMatchObject({ code: 'token_missing' })
    expect(session.state()).toEqual({ status: 'signed-out' })
    expect(bodies('/logout')).toEqual(['{"refresh_token":"rt_1"}'])
    await expect(read(session)).rejects.toMatchObject({ code: 'token_missing' })
  })

  test.each([
    [401, 'revoked'],
    [403, 'insufficient_scope'],
  ])('gets another token once when one was refused with %i %s', async (status, code) => {
    const { session, server, bodies } = await signedIn()
    const answers: Answer[] = [
      { status, body: { code } },
      { status: 200, body: { users: [1] } },
    ]
    server.admin = () => answers.shift() ?? { status, body: { code } }
    expect(await read(session)).toEqual({ users: [1] })
    expect(bodies('/token')).toHaveLength(2)
    await expect(read(session)).rejects.toMatchObject({ code, status })
    expect(bodies('/token')).toHaveLength(3)
  })

  test('tells a refusal with the code and the words of the server, and how long to wait', async () => {
    const { session, server } = await signedIn()
    server.admin = () => ({
      status: 429,
      body: { code: 'throttled', detail: 'slowly' },
      retryAfterSeconds: 7,
    })
    await expect(read(session)).rejects.toMatchObject({
      code: 'throttled',
      message: 'slowly',
      retryAfterSeconds: 7,
    })
    server.admin = () => ({ status: 500, body: { code: 'toString' } })
    await expect(read(session)).rejects.toMatchObject({ code: 'unavailable' })
  })
})
