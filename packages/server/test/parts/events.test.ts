import { readFileSync } from 'node:fs'
import type { AuditEvent, AuditEventName } from '@tessera/server'
import { createTokenServer } from '@tessera/server'
import { describe, expect, expectTypeOf, onTestFinished, test } from 'vitest'
import { createEvents } from '../../src/parts/events.ts'
import type { TestServer } from '../create-test-server.ts'
import { createTestServer, password } from '../create-test-server.ts'

function listen(server: TestServer): { readonly told: AuditEvent[]; names(): readonly AuditEventName[] } {
  const told: AuditEvent[] = []
  server.on('*', (event) => void told.push(event))
  return { told, names: () => told.map(({ event }) => event) }
}

describe('a server tells what it does', () => {
  test('in the order of its audit trail, once each, with the reason of an end', async () => {
    const server = await createTestServer()
    const { names } = listen(server)
    const ended: unknown[] = []
    server.on('session.ended', ({ sid, detail }) => {
      expectTypeOf(detail).toMatchTypeOf<{ readonly reason: string } | undefined>()
      ended.push([sid, detail?.reason])
    })
    const first = await server.signup()
    const second = await server.login()
    await server.send('POST', '/logout', { bearer: second.access_token })
    const next = await server.refresh(first.refresh_token)
    server.wait(60)
    await server.refresh(String(next.body['refresh_token']))
    server.wait(60)
    await server.refresh(first.refresh_token)
    expect(names()).toEqual([
      'user.created',
      'session.begun',
      'session.begun',
      'session.ended',
      'session.ended',
    ])
    expect(ended).toEqual([
      [second.session_id, 'logout'],
      [first.session_id, 'replayed'],
    ])
    const lines = await server.store.audit.list({ limit: 100 })
    expect(
      lines
        .map(({ event }) => event)
        .filter((name) => !name.startsWith('key.'))
        .toReversed(),
    ).toEqual(['secret.in_use', ...names()])
  })

  test('of what was refused, or undone, nothing', async () => {
    const server = await createTestServer()
    const { names } = listen(server)
    await server.send('POST', '/login', { json: { username: 'nobody', password } })
    await server.send('POST', '/signup', { json: { username: 'ada', password: 'short' } })
    expect(names()).toEqual([])
    await server.signup('ada')
    await server.send('POST', '/signup', { json: { username: 'ada', password } })
    expect(names()).toEqual(['user.created', 'session.begun'])
  })

  test('until the listener has had enough', async () => {
    const server = await createTestServer()
    let heard = 0
    const stop = server.on('session.begun', () => void (heard += 1))
    await server.signup()
    stop()
    await server.login()
    expect(heard).toBe(1)
  })

  test('and is not harmed by a listener that throws or rejects: the log says so', async () => {
    const server = await createTestServer()
    server.on('user.created', () => {
      throw new Error('thrown')
    })
    server.on('*', () => Promise.reject(new Error('rejected')))
    const { names } = listen(server)
    await server.signup()
    expect(names()).toEqual(['user.created', 'session.begun'])
    const failures = server.lines.filter(({ message }) => message === 'a listener of events failed')
    expect(failures.map(({ event, err }) => [event, err])).toEqual([
      ['user.created', 'Error: thrown'],
      ['user.created', 'Error: rejected'],
      ['session.begun', 'Error: rejected'],
    ])
  })

  test('its start, too, to whoever listens before it is ready', async () => {
    const server = createTokenServer({
      issuer: 'https://auth.example',
      database: 'sqlite::memory:',
      secrets: ['a server secret of a test, 32 bytes and more'],
    })
    onTestFinished(() => server.close())
    const algorithms: (string | undefined)[] = []
    server.on('key.active', ({ detail }) => void algorithms.push(detail?.algorithm))
    await server.ready
    expect(algorithms).toEqual(['ES256', 'ES256'])
  })
})

test('a function that listens twice is told twice, and each time until it ends', () => {
  const { on, tell } = createEvents({ info: () => undefined, warn: () => undefined, error: () => undefined })
  let heard = 0
  const listener = (): void => void (heard += 1)
  const stops = [on('user.enabled', listener), on('user.enabled', listener)]
  tell({ atMs: 1, event: 'user.enabled' })
  stops[0]?.()
  tell({ atMs: 2, event: 'user.enabled' })
  expect(heard).toBe(3)
})

test('no event holds a token or a password', async () => {
  const server = await createTestServer()
  const { told } = listen(server)
  const { access_token: access, refresh_token: refresh } = await server.signup()
  await server.send('POST', '/password', {
    bearer: access,
    json: { current_password: password, new_password: 'another long enough pass phrase' },
  })
  await server.send('POST', '/revoke', { form: { token: access } })
  await server.send('POST', '/logout', { json: { refresh_token: refresh } })
  expect(told.map(({ event }) => event)).toContain('password.changed')
  const text = JSON.stringify(told)
  for (const secret of [access, refresh, password, 'another long', 'argon2'])
    expect(text).not.toContain(secret)
})

test('docs/observability.md tells of every event, and of none that there is not', () => {
  const read = (path: string): string => readFileSync(new URL(path, import.meta.url), 'utf8')
  const inCode = [...read('../../src/store/audit-event.ts').matchAll(/readonly '([a-z.*_]+)':/g)]
  const inDocs = [
    ...read('../../../../docs/observability.md').matchAll(/^\| `((?!tessera\.)[a-z]+\.[a-z_]+)` \|/gm),
  ]
  const names = (found: RegExpExecArray[]): string[] => found.map(([, name = '']) => name).toSorted()
  expect(names(inDocs)).toEqual(names(inCode))
  expect(inCode.length).toBeGreaterThan(20)
})
