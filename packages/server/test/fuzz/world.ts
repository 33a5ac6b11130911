/**
 * The people, clients and tokens of a fuzzed server, by name: `{{ada.access}}` in a request stands for a token that is good
 * at the moment it is sent. Whatever a request before has ended is made anew, so that requests keep going deep.
 */
import type { Message } from '../../src/config/server-config.ts'
import type { SendOptions, TestServer } from '../create-test-server.ts'
import { issuer } from '../create-test-server.ts'
import type { Post, WorldParts } from './open-world.ts'
import type { People } from './people.ts'
import { createPeople } from './people.ts'
import { createPrograms } from './programs.ts'
import { createSecrets } from './secrets.ts'

export interface World {
  readonly server: TestServer
  /** Puts values in the place of names; every value goes through `encode` first. */
  resolve(text: string, encode?: (value: string) => string): Promise<string>
  /** Takes note of what an answer means for what people hold. */
  learn(seen: {
    readonly method: string
    readonly path: string
    readonly status: number
    readonly body: string
  }): void
  /** Lets time pass. */
  wait(seconds: number): void
  /** Whether this holds an access token that lets somebody of this kind in. */
  readonly admits: People['admits']
  secrets(): Iterable<string>
}

const placeholder = /\{\{([\w.]+)(?:~(\w+))?\}\}/g

export async function createWorld(parts: WorldParts): Promise<World> {
  const { server, messages } = parts
  const secrets = createSecrets()
  let count = 0
  // From many addresses: where attempts are limited, the making of people is not what is.
  const post: Post = (path, request: SendOptions) =>
    server.send('POST', path, { remoteAddress: `198.51.${(count += 1) & 255}.${count >> 8}`, ...request })
  const people = createPeople(parts, post, secrets)
  const programs = await createPrograms(parts, post, secrets)
  const suspect = (): void => {
    people.suspect()
    programs.suspect()
  }
  const freshName = (): string => `new-${(count += 1)}`
  const sent = async (kind: Message['kind']): Promise<string> => {
    const username = freshName()
    const json = {
      username,
      password: secrets.make('another long password '),
      email: `${username}@example.test`,
    }
    await post('/signup', { json })
    if (kind === 'password_reset') await post('/password/forgot', { json: { username } })
    const token = await arrived(messages, (message) => message.username === username && message.kind === kind)
    return secrets.keep(token)
  }
  const ticket = async (): Promise<string> => {
    const { body } = await post('/ticket', {
      bearer: await people.valueOf('ada', 'access'),
      json: { path: '/live' },
    })
    return secrets.keep(body['ticket'] as string)
  }
  const disabled = async (): Promise<string> => {
    const added = await parts.users.add({
      username: freshName(),
      password: secrets.make('another long password '),
    })
    if (added.status !== 'added') return 'nobody'
    await parts.users.disable(added.user.id)
    return added.user.id
  }
  const single: Readonly<Record<string, () => Promise<string> | string>> = {
    'message.reset': () => sent('password_reset'),
    'message.verify': () => sent('email_verification'),
    ticket,
    'disabled.id': disabled,
    'fresh.name': freshName,
    'fresh.password': () => secrets.make('another long password '),
    'fresh.key': () => secrets.make('key'),
  }
  const valueOf = async (name: string): Promise<string> => {
    const [owner = '', what = ''] = name.split('.')
    if (['ada', 'bo', 'root', 'dead'].includes(owner)) return people.valueOf(owner, what)
    if (['billing', 'api', 'signer'].includes(owner)) return programs.valueOf(owner, what)
    if (owner === 'kid') return kidOf(server, what)
    return single[name]?.() ?? name
  }
  return {
    server,
    admits: people.admits,
    secrets: secrets.all,
    wait: (seconds) => {
      server.wait(seconds)
      if (seconds > 0) suspect()
    },
    resolve: (text, encode = (value) => value) =>
      replaceNames(text, async (name, how) => encode(bend(await valueOf(name), how))),
    learn: ({ method, path, status, body }) => {
      // An old refresh token ends a session by being refused.
      if (method !== 'GET' && (status < 300 || path === '/token')) suspect()
      for (const [, , token = ''] of body.matchAll(
        /"(access_token|refresh_token|ticket|client_secret)":"([^"]+)"/g,
      ))
        secrets.keep(token)
      const sid = /"session_id":"([\w-]{22})"/.exec(body)?.[1]
      const refresh = /"refresh_token":"([^"]+)"/.exec(body)?.[1]
      if (sid !== undefined && refresh !== undefined) people.learn(sid, refresh)
    },
  }
}

async function replaceNames(
  text: string,
  valueOf: (name: string, how: string | undefined) => Promise<string>,
): Promise<string> {
  let resolved = ''
  let from = 0
  for (const match of text.matchAll(placeholder)) {
    resolved += text.slice(from, match.index) + (await valueOf(match[1] ?? '', match[2]))
    from = match.index + match[0].length
  }
  return resolved + text.slice(from)
}

async function kidOf({ store }: TestServer, state: string): Promise<string> {
  const rows = await store.signingKeys.list(issuer)
  return rows.find((row) => row.state === state)?.kid ?? 'none'
}

/** A message is handed over after the answer. */
async function arrived(
  messages: readonly Message[],
  isWanted: (message: Message) => boolean,
): Promise<string> {
  for (let tries = 0; tries < 500; tries += 1) {
    const found = messages.find(isWanted)
    if (found !== undefined) return found.token
    // A database over a connection takes its time.
    await new Promise((go) => (tries < 50 ? setImmediate(go) : setTimeout(go, 10)))
  }
  throw new Error('expected a message, got none')
}

/** A value that is almost the right one. */
function bend(value: string, how: string | undefined): string {
  const middle = value.length >> 1
  if (how === 'flip')
    return `${value.slice(0, middle)}${value[middle] === 'A' ? 'B' : 'A'}${value.slice(middle + 1)}`
  if (how === 'cut') return value.slice(0, -1)
  if (how === 'longer') return `${value}A`
  return how === 'upper' ? value.toUpperCase() : value
}
