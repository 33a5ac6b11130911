import { describe, expect, test } from 'vitest'
import { createAccount, type Account, type OwnSession } from '../../src/account/account.ts'
import { en } from '../../src/account/language/en.ts'
import { ko } from '../../src/account/language/ko.ts'

const server = 'https://example.com/tenant'

/** Two sessions, that of the page not the first; a test says what becomes of calls. */
async function signedIn() {
  const sent: string[] = []
  const bodies: unknown[] = []
  const answers = new Map<string, () => Response>()
  const sessions = [
    { session_id: 'other', current: false },
    { session_id: 'own', current: true },
  ]
  const tokens = {
    access_token: 'at',
    token_type: 'Bearer',
    expires_in: 600,
    refresh_token: 'rt',
    session_id: 'own',
  }
  const account = createAccount(server, async (input, init) => {
    const request = new Request(input, init)
    const { method, url, headers } = request
    const text = await request.text()
    if (text.startsWith('{')) bodies.push(JSON.parse(text))
    const call = `${method} ${url.slice(server.length)}`
    sent.push(call)
    const answer = answers.get(call)
    if (answer !== undefined) return answer()
    if (call === 'POST /login') return Response.json(tokens)
    if (call === 'GET /sessions') return Response.json({ sessions, sent: headers.get('authorization') })
    return new Response(null, { status: 204 })
  })
  await account.signIn('ada', 'right horse')
  sent.length = 0
  return { account, sent, bodies, answers }
}

async function findSession(account: Account, id: string): Promise<OwnSession> {
  const found = (await account.list()).find(({ session_id }) => session_id === id)
  if (found === undefined) throw new Error('expected the session to be listed')
  return found
}

const refuse = (status: number, code: string) => () => Response.json({ code, detail: 'told' }, { status })

describe('the account of a person', () => {
  test('lists the session of the page first', async () => {
    const { account } = await signedIn()
    expect((await account.list()).map(({ session_id }) => session_id)).toEqual(['own', 'other'])
  })

  test('ends another session, and stays signed in', async () => {
    const { account, sent } = await signedIn()
    await account.end(await findSession(account, 'other'))
    expect(sent).toEqual(['GET /sessions', 'DELETE /sessions/other'])
    expect(account.session.status).toBe('signed-in')
  })

  test('ends its own at the server before it forgets it', async () => {
    const { account, sent } = await signedIn()
    await account.end(await findSession(account, 'own'))
    expect(sent.slice(1, 2)).toEqual(['DELETE /sessions/own'])
    expect(account.session.status).toBe('signed-out')
  })

  test('ends all of them, its own last', async () => {
    const { account, sent } = await signedIn()
    await account.endAll()
    expect(sent.slice(0, 2)).toEqual(['POST /sessions/revoke-others', 'DELETE /sessions/own'])
    expect(account.session.status).toBe('signed-out')
  })

  test.each(['POST /sessions/revoke-others', 'DELETE /sessions/own'])(
    'stays signed in when the server refuses %s, and tells why',
    async (call) => {
      const { account, answers } = await signedIn()
      answers.set(call, refuse(503, 'unavailable'))
      await expect(account.endAll()).rejects.toMatchObject({ code: 'unavailable', detail: 'told' })
      expect(account.session.status).toBe('signed-in')
    },
  )

  test('sends both passwords in the body of one request', async () => {
    const { account, sent, bodies } = await signedIn()
    await account.changePassword('right horse', 'another horse')
    expect(sent).toEqual(['POST /password'])
    expect(bodies.at(-1)).toEqual({ current_password: 'right horse', new_password: 'another horse' })
  })

  test('a list that is none is a server that is none', async () => {
    const { account, answers } = await signedIn()
    answers.set('GET /sessions', () => Response.json({ sessions: 'x' }))
    await expect(account.list()).rejects.toMatchObject({ code: 'unavailable' })
  })
})

describe('the words of the page', () => {
  /** All texts in a tree of messages, by their paths; what needs words is given some. */
  function textsOf(value: unknown, path = ''): [path: string, text: string][] {
    if (typeof value === 'function') return [[path, String((value as (...words: unknown[]) => string)(7, 8))]]
    if (typeof value === 'string') return [[path, value]]
    return Object.entries(value as object).flatMap(([name, member]) => textsOf(member, `${path}.${name}`))
  }

  test('say the same things in both languages, and are translated', () => {
    const korean = new Map(textsOf(ko))
    expect([...korean.keys()].toSorted()).toEqual(
      textsOf(en)
        .map(([path]) => path)
        .toSorted(),
    )
    expect(textsOf(en).filter(([path, text]) => text === '' || korean.get(path) === text)).toEqual([])
  })
})
