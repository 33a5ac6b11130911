/** How the stand-alone server hands one-time tokens over: to a file, a program or a webhook. Never to the log. */
import { spawn } from 'node:child_process'
import { appendFile, mkdir } from 'node:fs/promises'
import { dirname } from 'node:path'
import type { MessageSetting } from '../config/message-setting.ts'
import type { Log, Message, MessageHook } from '../config/server-config.ts'

/** What one delivery may take, and the pauses before it is tried again, in milliseconds. */
const patienceMs = 5000
const pausesMs: readonly number[] = [500, 2000]

/** What is handed over: names as on the wire, and a link where there is a page for it. */
export interface HandedMessage {
  readonly kind: Message['kind']
  readonly user_id: string
  readonly username: string
  readonly email: string | null
  readonly token: string
  readonly expires_at: number
  readonly link?: string
}

/** A hook that delivers as the setting says. A delivery that failed for good is told to the log, without its token. */
export function createMessageDelivery(setting: MessageSetting, log: Log): MessageHook {
  return async (message) => {
    const text = JSON.stringify(handed(message, setting.page))
    if (setting.kind === 'file') {
      await writeLine(setting.path, text)
      log.info({ kind: message.kind, file: setting.path }, 'a message was written')
      return
    }
    const deliver = setting.kind === 'command' ? () => run(setting.program, text) : () => post(setting, text)
    await withRetries(deliver)
  }
}

function handed(message: Message, page: string | undefined): HandedMessage {
  const { kind, userId, username, email, token, expiresAt } = message
  // Behind `#`, so that it stands in no log of a server.
  const link = page === undefined ? {} : { link: `${page}#kind=${kind}&token=${token}` }
  return { kind, user_id: userId, username, email, token, expires_at: expiresAt, ...link }
}

/** For the eyes of whoever runs the server alone. */
async function writeLine(path: string, text: string): Promise<void> {
  await mkdir(dirname(path), { recursive: true, mode: 0o700 })
  await appendFile(path, `${text}\n`, { mode: 0o600 })
}

async function withRetries(deliver: () => Promise<void>): Promise<void> {
  for (const pauseMs of pausesMs) {
    try {
      return await deliver()
    } catch {
      await new Promise((go) => setTimeout(go, pauseMs))
    }
  }
  return deliver()
}

/** The message comes on standard input: arguments are there for every process of the machine to see. */
function run(program: string, text: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, [], { stdio: ['pipe', 'ignore', 'ignore'], timeout: patienceMs })
    child.once('error', reject)
    child.once('close', (code) =>
      code === 0 ? resolve() : reject(new Error(`the program ended with ${code ?? 'a signal'}`)),
    )
    // A program that reads nothing is judged by how it ends.
    child.stdin.on('error', () => undefined)
    child.stdin.end(`${text}\n`)
  })
}

async function post(
  { url, secret }: Extract<MessageSetting, { kind: 'webhook' }>,
  text: string,
): Promise<void> {
  const { status } = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${secret}` },
    body: text,
    // A redirect would carry the token to an address that nobody configured.
    redirect: 'error',
    signal: AbortSignal.timeout(patienceMs),
  })
  if (status >= 300) throw new Error(`the webhook answered ${status}`)
}
