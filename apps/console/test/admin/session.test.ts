import { describe, expect, test, vi } from 'vitest'
import { createAdminSession, type AdminSession } from '../../src/admin/session.ts'

const issuer = 'https://id.example'
/** What the page calls the server, which may be another name than the issuer's. */
const server = 'https://admin.example/tenant'

/** A token as the server signs it, as far as this page reads it. */
function tokenOf(claims: object): string {
  const part = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url')
  return `${part({ alg: 'ES256', typ: 'at+jwt' })}.${part(claims)}.c2ln`
}

interface Sent {
  readonly path: string
  readonly headers: Headers
  readonly body: string
}

/** A server whose answers a test can change, with what it was asked. Time stands still until it is moved. */
function setUp() {
  const sent: Sent[] = []
  let nowMs = 0
  vi.spyOn(performance, 'now').mockImplementation(() => nowMs)
  let issued = 0
  const tokens = (): Response => {
    issued += 1
    return Response.json({
      access_token: tokenOf({ sub: 'u1', jti: issued }),
      token_type: 'Bearer',
      expires_in: 300,
      refresh_token: `rt_${issued}`,
      scope: 'admin',
      session_id: 's1',
    })
  }
  const answers: Record<'login' | 'token' | 'admin', () => Response> = {
    login: tokens,
    token: tokens,
    admin: () => Response.json({ users: [] }),
  }
  async function fetch(input: string | URL | Request, init?: RequestInit): Promise<Response> {
    const request = new Request(input, init)
    const path = request.url.slice(server.length)
    sent.push({ path, headers: request.headers, body: await request.text() })
    if (path === '/login') return answers.login()
    if (path === '/token') return answers.token()
    if (path === '/logout') return new Response(null, { status: 204 })
    if (path.startsWith('/.well-known')) return Response.json({ issuer })
    return answers.admin()
  }
  const session = createAdminSession({ server, fetch })
  const to = (path: string): Sent[] => sent.filter((request) => request.path === path)
  return { session, answers, sent, to, passTime: (ms: number) => void (nowMs += ms) }
}

async function signedIn() {
  const parts = setUp()
  await parts.session.signIn('root', 'secret')
  return parts
}

const read = (session: AdminSession): Promise<unknown> => session.call({ method: 'GET', path: '/users' })
const refuse = (error: string) => () =>
  Response.json({ error, code: error === 'invalid_grant' ? 'revoked' : 'request_invalid' }, { status: 400 })
const problem =
  (status: number, code: string, headers: HeadersInit = {}) =>
  () =>
    Response.json({ code, detail: `told: ${code}` }, { status, headers })
const refusedToken = { 'www-authenticate': 'Bearer error="invalid_token"' }
/** Four minutes and three quarters: every token of five is due. */
const untilDueMs = 285_000

describe('P10: a session of the administration', () => {
  test('asks for the scope and the resource of the issuer, at log-in and at each refresh', async () => {
    const { session, passTime, to } = await signedIn()
    const asked = { resource: 'https://id.example/admin', scope: 'admin' }
    expect(JSON.parse(to('/login')[0]?.body ?? '')).toEqual({
      username: 'root',
      password: 'secret',
      ...asked,
    })
    passTime(untilDueMs)
    await read(session)
    expect(Object.fromEntries(new URLSearchParams(to('/token')[0]?.body))).toEqual({
      grant_type: 'refresh_token',
      refresh_token: 'rt_1',
      ...asked,
    })
    expect(session.state()).toEqual({ status: 'signed-in', username: 'root', userId: 'u1', sessionId: 's1' })
  })

  test('is not begun where the account may not', async () => {
    const { session, answers } = setUp()
    answers.login = problem(403, 'insufficient_scope')
    await expect(session.signIn('root', 'secret')).rejects.toMatchObject({ code: 'insufficient_scope' })
    expect(session.state()).toEqual({ status: 'signed-out' })
    await expect(read(session)).rejects.toMatchObject({ code: 'token_missing' })
  })

  test('renews its token ahead of its end, once for all calls that wait', async () => {
    const { session, passTime, to, sent } = await signedIn()
    await read(session)
    expect(to('/token')).toHaveLength(0)
    passTime(untilDueMs)
    await Promise.all([read(session), read(session), read(session)])
    expect(to('/token')).toHaveLength(1)
    expect(sent.at(-1)?.headers.get('authorization')).toBe(`Bearer ${tokenOf({ sub: 'u1', jti: 2 })}`)
  })

  test.each([
    ['the log-in has become too old', 'invalid_scope', 'stale'],
    ['somebody ended it', 'invalid_grant', 'ended'],
  ])('asks for the password again when %s; what waits goes on', async (_, error, why) => {
    const { session, answers, passTime, to } = await signedIn()
    const good = answers.token
    answers.token = refuse(error)
    passTime(400_000)
    const calls = Promise.all([read(session), read(session)])
    await expect.poll(() => session.state()).toMatchObject({ status: 'asking', why, username: 'root' })
    const late = read(session)
    answers.token = good
    await session.signIn('root', 'secret')
    expect(await calls).toHaveLength(2)
    await late
    expect(session.state().status).toBe('signed-in')
    expect(to('/login')).toHaveLength(2)
    // The session before is of no use any more.
    if (why === 'stale') expect(to('/logout')).toMatchObject([{ body: '{"refresh_token":"rt_1"}' }])
  })

  test('asks for it when a token that is still alive is refused because the log-in has become too old', async () => {
    const { session, answers } = await signedIn()
    const good = { ...answers }
    answers.admin = problem(403, 'insufficient_scope')
    answers.token = refuse('invalid_scope')
    const call = read(session)
    await expect.poll(() => session.state()).toMatchObject({ status: 'asking', why: 'stale' })
    Object.assign(answers, good)
    await session.signIn('root', 'secret')
    expect(await call).toEqual({ users: [] })
  })

  test('goes on asking when the password was wrong', async () => {
    const { session, answers, passTime } = await signedIn()
    const good = { ...answers }
    answers.token = refuse('invalid_scope')
    passTime(400_000)
    const call = read(session)
    await expect.poll(() => session.state().status).toBe('asking')
    answers.login = problem(401, 'credentials_invalid')
    await expect(session.signIn('root', 'wrong')).rejects.toMatchObject({ code: 'credentials_invalid' })
    expect(session.state().status).toBe('asking')
    Object.assign(answers, good)
    await session.signIn('root', 'secret')
    await call
  })

  test('refuses what waits when one signs out in the place of that, and ends at the server', async () => {
    const { session, answers, passTime, to } = await signedIn()
    answers.token = refuse('invalid_scope')
    passTime(400_000)
    const call = read(session)
    await expect.poll(() => session.state().status).toBe('asking')
    session.signOut()
    await expect(call).rejects.toMatchObject({ code: 'token_missing' })
    expect(session.state()).toEqual({ status: 'signed-out' })
    await expect.poll(() => to('/logout')).toMatchObject([{ body: '{"refresh_token":"rt_1"}' }])
    await expect(read(session)).rejects.toMatchObject({ code: 'token_missing' })
  })

  test('a log-in that is answered after one signed out comes to nothing, and is ended', async () => {
    const { session, to } = setUp()
    const entering = session.signIn('root', 'secret')
    session.signOut()
    await expect(entering).rejects.toMatchObject({ code: 'token_missing' })
    expect(session.state()).toEqual({ status: 'signed-out' })
    await expect.poll(() => to('/logout')).toHaveLength(1)
  })

  test.each([
    [401, 'revoked', refusedToken],
    [403, 'insufficient_scope', {}],
  ])('gets another token when one was refused with %i %s, and asks again', async (status, code, headers) => {
    const { session, answers, to } = await signedIn()
    const refused = problem(status, code, headers)
    const replies = [refused, () => Response.json({ users: [1] })]
    answers.admin = () => (replies.shift() ?? refused)()
    expect(await read(session)).toEqual({ users: [1] })
    expect(to('/token')).toHaveLength(1)
    await expect(read(session)).rejects.toMatchObject({ code, status })
    expect(to('/token').length).toBeLessThan(5)
  })

  test('a server out of reach is no reason to ask for the password', async () => {
    const { session, answers, passTime } = await signedIn()
    answers.admin = () => {
      throw new TypeError('fetch failed')
    }
    await expect(read(session)).rejects.toMatchObject({ code: 'unavailable' })
    answers.token = problem(503, 'unavailable', { 'retry-after': '5' })
    passTime(400_000)
    await expect(read(session)).rejects.toMatchObject({ code: 'unavailable' })
    expect(session.state().status).toBe('signed-in')
  })

  test('tells a refusal with the code and the words of the server, and how long to wait', async () => {
    const { session, answers } = await signedIn()
    answers.admin = problem(429, 'throttled', { 'retry-after': '7' })
    await expect(read(session)).rejects.toMatchObject({
      code: 'throttled',
      detail: 'told: throttled',
      retryAfterSeconds: 7,
    })
    answers.admin = problem(500, 'toString')
    await expect(read(session)).rejects.toMatchObject({ code: 'unavailable' })
  })
})
