import { once } from 'node:events'
import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, onTestFinished, test } from 'vitest'
import { configFromEnvironment } from '../../src/config/environment.ts'
import type { Message } from '../../src/config/server-config.ts'
import { createMessageDelivery } from '../../src/stand-alone/message-delivery.ts'
import { isStartError } from '../../src/start-error.ts'

const message: Message = {
  kind: 'password_reset',
  userId: 'u1',
  username: 'ada',
  email: 'ada@example.test',
  token: 'ot_a-token-that-is-in-no-log',
  expiresAt: 1_767_225_600,
}
const secret = 'a secret of the webhook that is long enough'
const serverSecret = 'a server secret of a test that is long enough'

function setUp(environment: Record<string, string> = {}) {
  const directory = mkdtempSync(join(tmpdir(), 'tessera-messages-'))
  onTestFinished(() => rmSync(directory, { recursive: true, force: true }))
  const { messages } = configFromEnvironment(environment, { directory })
  const lines: string[] = []
  const note = (fields: object, text: string): void => void lines.push(JSON.stringify({ ...fields, text }))
  const log = { info: note, warn: note, error: note }
  return { directory, messages, lines, send: messages && createMessageDelivery(messages, log) }
}

function refusal(environment: Record<string, string>): string {
  try {
    setUp(environment)
  } catch (error) {
    if (isStartError(error)) return error.message
    throw error
  }
  throw new Error('expected a refusal')
}

describe('P30: messages of the stand-alone server', () => {
  test('are written to a file of the owner alone outside production, and the log has no token', async () => {
    const { directory, send, lines } = setUp({ TESSERA_MESSAGES_PAGE: 'https://app.example.test/account' })
    await send?.(message)
    const path = join(directory, '.tessera', 'messages.jsonl')
    expect(statSync(path).mode & 0o077).toBe(0)
    expect(JSON.parse(readFileSync(path, 'utf8'))).toEqual({
      kind: 'password_reset',
      user_id: 'u1',
      username: 'ada',
      email: 'ada@example.test',
      token: message.token,
      expires_at: message.expiresAt,
      link: `https://app.example.test/account#kind=password_reset&token=${message.token}`,
    })
    expect(lines).toHaveLength(1)
    expect(lines.join('')).not.toContain(message.token)
  })

  test('are delivered by nobody in production until somebody is named', () => {
    const production = { NODE_ENV: 'production', TESSERA_SECRETS: serverSecret }
    expect(setUp(production).messages).toBeUndefined()
    expect(setUp({ TESSERA_MESSAGES: 'off' }).messages).toBeUndefined()
  })

  test('go to a program on its standard input', async () => {
    const { directory } = setUp()
    const program = join(directory, 'deliver.sh')
    writeFileSync(program, `#!/bin/sh\ncat > "${directory}/got.json"\n`)
    chmodSync(program, 0o700)
    const { send } = setUp({ TESSERA_MESSAGES: `command:${program}` })
    await send?.(message)
    expect(JSON.parse(readFileSync(join(directory, 'got.json'), 'utf8'))).toMatchObject({
      token: message.token,
    })
    expect(existsSync(join(directory, '.tessera', 'messages.jsonl'))).toBe(false)
  })

  test('go to a webhook with a bearer token, and again when it was away', async () => {
    const seen: { authorization: string | undefined; body: string }[] = []
    const server = createServer((request, response) => {
      let body = ''
      request.on('data', (chunk) => (body += String(chunk)))
      request.on('end', () => {
        seen.push({ authorization: request.headers.authorization, body })
        response.writeHead(seen.length === 1 ? 503 : 204).end()
      })
    }).listen(0, '127.0.0.1')
    onTestFinished(() => void server.close())
    await once(server, 'listening')
    const { send } = setUp({
      TESSERA_MESSAGES: `http://127.0.0.1:${(server.address() as AddressInfo).port}/tessera`,
      TESSERA_MESSAGES_SECRET: secret,
    })
    await send?.(message)
    expect(seen).toHaveLength(2)
    expect(seen[1]?.authorization).toBe(`Bearer ${secret}`)
    expect(JSON.parse(seen[1]?.body ?? '')).toMatchObject({ kind: 'password_reset', token: message.token })
  })

  test.each([
    [
      'a webhook over plain http',
      { TESSERA_MESSAGES: 'http://mail.example', TESSERA_MESSAGES_SECRET: secret },
    ],
    ['a webhook without a secret', { TESSERA_MESSAGES: 'https://mail.example' }],
    ['a short secret', { TESSERA_MESSAGES: 'https://mail.example', TESSERA_MESSAGES_SECRET: 'short' }],
    ['a secret for nothing', { TESSERA_MESSAGES_SECRET: secret }],
    ['another word', { TESSERA_MESSAGES: 'smtp' }],
    ['a page over plain http', { TESSERA_MESSAGES_PAGE: 'http://app.example' }],
    [
      'a file in production',
      { TESSERA_MESSAGES: 'file:x', NODE_ENV: 'production', TESSERA_SECRETS: serverSecret },
    ],
  ])('are refused at the start: %s', (_kind, environment) => {
    expect(refusal(environment)).toMatch(/^TESSERA_MESSAGES/)
  })
})
