import { readFileSync } from 'node:fs'
import { AsyncLocalStorage } from 'node:async_hooks'
import { subscribe, tracingChannel, unsubscribe } from 'node:diagnostics_channel'
import { describe, expect, onTestFinished, test } from 'vitest'
import { channels } from '../../src/channels.ts'
import { createTestServer, password } from '../create-test-server.ts'

type Name = keyof typeof channels

interface Told {
  readonly name: Name
  readonly step: 'start' | 'end'
  readonly message: Record<string, unknown>
}

/** Subscribes as any tool does, by name, and notes what is told. */
function listen(names: readonly Name[] = Object.keys(channels) as Name[]): Told[] {
  const told: Told[] = []
  for (const name of names) {
    const channel = tracingChannel(`tessera.${name}`)
    const note = (step: Told['step']) => (message: unknown) =>
      void told.push({ name, step, message: { ...(message as object) } })
    const subscribers = {
      start: note('start'),
      asyncEnd: note('end'),
      end: () => undefined,
      asyncStart: () => undefined,
      error: () => undefined,
    }
    channel.subscribe(subscribers)
    onTestFinished(() => {
      channel.unsubscribe(subscribers)
    })
  }
  return told
}

const steps = (told: readonly Told[]): readonly string[] => told.map(({ name, step }) => `${name} ${step}`)
const ends = (told: readonly Told[], name: Name): readonly unknown[] =>
  told.filter((one) => one.name === name && one.step === 'end').map(({ message }) => message)

describe('a request is told with what goes on inside it', () => {
  test('log-in: the check of the password, its hash, the token', async () => {
    const server = await createTestServer()
    await server.signup()
    const told = listen()
    await server.login()
    expect(steps(told)).toEqual([
      'request start',
      'login start',
      'hash start',
      'hash end',
      'login end',
      'sign start',
      'sign end',
      'request end',
    ])
    expect(ends(told, 'login')).toEqual([{ outcome: 'ok', result: undefined }])
    expect(ends(told, 'hash')).toEqual([{ operation: 'verify', result: undefined }])
  })

  test('a refresh, and what came of it', async () => {
    const server = await createTestServer()
    const { refresh_token: token } = await server.signup()
    const told = listen()
    await server.refresh(token)
    await server.refresh('no refresh token')
    expect(ends(told, 'refresh')).toMatchObject([
      { outcome: 'issued' },
      { outcome: 'refused', code: 'malformed' },
    ])
  })

  test('route, status, and the id that answer and log carry; never the path', async () => {
    const server = await createTestServer()
    const told = listen(['request'])
    const traceparent = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01'
    const reply = await server.send('DELETE', '/sessions/a-secret-of-somebody', { headers: { traceparent } })
    await server.send('GET', '/there/is/nothing', { headers: { traceparent: 'of another form' } })
    const id = reply.headers.get('x-request-id')
    expect(ends(told, 'request')).toMatchObject([
      { method: 'DELETE', route: '/sessions/:id', status: 401, requestId: id, traceparent },
      { method: 'GET', route: undefined, status: 404, traceparent: undefined },
    ])
    expect(JSON.stringify(told)).not.toContain('a-secret-of-somebody')
  })

  test('a wrong password and an unknown name look the same', async () => {
    const server = await createTestServer()
    await server.signup('ada')
    const seen = async (username: string): Promise<unknown> => {
      const told = listen(['login', 'hash', 'sign'])
      await server.send('POST', '/login', { json: { username, password: 'not the password of ada' } })
      return [...told]
    }
    const wrong = await seen('ada')
    expect(await seen('nobody')).toEqual(wrong)
  })

  test('to stores that are bound to a channel: what is inside is known to be inside', async () => {
    const server = await createTestServer()
    const spans = new AsyncLocalStorage<string>()
    const { start } = channels.request
    start.bindStore(spans, ({ route }) => `span of ${route ?? 'nothing'}`)
    const parents: (string | undefined)[] = []
    const note = (): void => void parents.push(spans.getStore())
    subscribe('tracing:tessera.sign:start', note)
    onTestFinished(() => {
      start.unbindStore(spans)
      unsubscribe('tracing:tessera.sign:start', note)
    })
    await server.signup()
    expect(parents).toEqual(['span of /signup'])
  })
})

test('tessera.event tells of what was done, key rotation too', async () => {
  const events: unknown[] = []
  const note = (event: unknown): void => void events.push((event as { event: string }).event)
  subscribe('tessera.event', note)
  onTestFinished(() => void unsubscribe('tessera.event', note))
  const server = await createTestServer()
  await server.signup()
  expect(events).toContain('key.active')
  expect(events.slice(-2)).toEqual(['user.created', 'session.begun'])
})

test('no message holds a token, a password, a hash or a name', async () => {
  const server = await createTestServer()
  const told = listen()
  const tokens = await server.signup('ada-lovelace')
  const signed = (await server.login('ada-lovelace')) as { device_secret?: string }
  await server.refresh(tokens.refresh_token)
  await server.me(tokens.access_token)
  await server.send('POST', '/login', { json: { username: 'ada-lovelace', password: 'a wrong one' } })
  const text = JSON.stringify(told)
  const secrets = [password, 'ada-lovelace', 'a wrong one', tokens.access_token, tokens.refresh_token]
  for (const secret of [...secrets, String(signed.device_secret), 'argon2', 'rt_', 'eyJ']) {
    expect(text).not.toContain(secret)
  }
  expect(told.length).toBeGreaterThan(20)
})

test('nobody subscribes: nothing is told, and answers come in the turn that they came in before', async () => {
  const server = await createTestServer()
  for (const name of Object.keys(channels) as Name[]) expect(channels[name].hasSubscribers).toBe(false)
  const { answer } = server
  const request = new Request('https://auth.example.test/healthz')
  const headers = { get: (name: string) => request.headers.get(name), has: () => false }
  const { url } = request
  const incoming = { method: 'GET', url, path: '/healthz', headers, readBody: async () => new Uint8Array() }
  expect(answer(incoming, {})).not.toBeInstanceOf(Promise)
})

test('docs/observability.md names every channel', () => {
  const page = readFileSync(new URL('../../../../docs/observability.md', import.meta.url), 'utf8')
  for (const name of Object.keys(channels)) expect(page).toContain(`\`tessera.${name}\``)
})
