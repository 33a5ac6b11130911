/** People of a fuzzed server with what they hold: made anew whenever a request has ended what they had. */
import { generateKey, signJwt } from '@tessera/jose'
import type { PrivateKey } from '@tessera/jose'
import type { Reply, TestServer } from '../create-test-server.ts'
import { issuer } from '../create-test-server.ts'
import type { Post, WorldParts } from './open-world.ts'
import { pageOrigin } from './open-world.ts'
import type { Secrets } from './secrets.ts'

/** A session, with what it takes to speak for it. */
interface Held {
  readonly access: string
  readonly sid: string
}

interface Person {
  readonly name: string
  readonly password: string
  readonly id: string
  readonly held: Held
  readonly inCookie: Held
  /** A token for the administration, of who may have one. */
  readonly admin: string | undefined
}

export interface People {
  /** What somebody has by this name: `password`, `access`, `refresh` … */
  valueOf(role: string, what: string): Promise<string>
  /** Takes note of the successor of a refresh token. */
  learn(sid: string, refreshToken: string): void
  /** Something has changed: what people hold is looked at before it is used again. */
  suspect(): void
  admits(caller: 'person' | 'admin', authorization: string): boolean
}

const inCookieMode = { origin: pageOrigin, 'tessera-transport': 'cookie' }

export function createPeople({ server, users }: WorldParts, post: Post, secrets: Secrets): People {
  const people = new Map<string, Person>()
  const sound = new Set<string>()
  const refreshTokens = new Map<string, { readonly latest: string; readonly older: string }>()
  let count = 0

  const learn = (sid: string, latest: string): void => {
    const known = refreshTokens.get(sid)
    if (known?.latest !== latest) refreshTokens.set(sid, { latest, older: known?.latest ?? latest })
  }
  const hold = async (reply: Promise<Reply>): Promise<Held> => {
    const { status, headers, body } = await reply
    if (status !== 200) throw new Error(`expected a session, got ${status} ${JSON.stringify(body)}`)
    const inCookie = /^__Host-tessera=([^;]+)/.exec(headers.get('set-cookie') ?? '')?.[1]
    const sid = body['session_id'] as string
    learn(sid, secrets.keep((body['refresh_token'] as string | undefined) ?? inCookie ?? ''))
    return { access: secrets.keep(body['access_token'] as string), sid }
  }
  const make = async (role: string): Promise<Person> => {
    const name = `${role}-${(count += 1)}`
    const password = secrets.make('a long password of a person ')
    const scope = role === 'root' ? 'admin' : ''
    const added = await users.add({ username: name, password, scope, roles: ['reader'] })
    if (added.status !== 'added') throw new Error(`expected a person, got ${added.status}`)
    const json = { username: name, password, scope }
    const held = await hold(post('/login', { json }))
    const inCookie = await hold(post('/login', { json, headers: inCookieMode }))
    const admin = role === 'root' ? await askForAdmin(held) : undefined
    return { name, password, id: added.user.id, held, inCookie, admin }
  }
  const askForAdmin = async ({ sid }: Held): Promise<string> => {
    const refresh_token = refreshTokens.get(sid)?.latest ?? ''
    const form = { grant_type: 'refresh_token', refresh_token, scope: 'admin', resource: `${issuer}/admin` }
    return (await hold(post('/token', { form }))).access
  }
  const find = async (role: string): Promise<Person> => {
    const known = people.get(role)
    if (known !== undefined && (sound.has(role) || (await isSound(server, known)))) {
      sound.add(role)
      return known
    }
    const made = await make(role)
    people.set(role, made)
    sound.add(role)
    return made
  }
  const dead = once(async () => {
    const made = await makeDead(server, make)
    sound.clear()
    return made
  })

  return {
    learn,
    suspect: () => sound.clear(),
    admits: (caller, authorization) =>
      [...people.values()].some(({ held, inCookie, admin }) =>
        caller === 'admin'
          ? admin !== undefined && authorization.includes(admin)
          : authorization.includes(held.access) || authorization.includes(inCookie.access),
      ),
    valueOf: async (role, what) => {
      if (role === 'dead') return secrets.keep((await dead())[what] ?? '')
      const { name, password, id, held, inCookie, admin } = await find(role)
      const { latest = '', older = '' } = refreshTokens.get(held.sid) ?? {}
      const ofSession = {
        access: held.access,
        refresh: latest,
        older,
        sid: held.sid,
        admin: admin ?? held.access,
      }
      const ofCookie = {
        cookie: refreshTokens.get(inCookie.sid)?.latest ?? '',
        cookieaccess: inCookie.access,
        cookiesid: inCookie.sid,
      }
      const values: Readonly<Record<string, string>> = { name, password, id, ...ofSession, ...ofCookie }
      return values[what] ?? ''
    },
  }
}

/** Whether everything that somebody holds is still good. */
async function isSound(server: TestServer, { id, held, inCookie, admin }: Person): Promise<boolean> {
  // Another password, or no account.
  if ((await server.store.users.findById(id))?.credentialVersion !== 1) return false
  const own = [held, inCookie].map(({ access }) => server.me(access))
  const asked = admin === undefined ? [] : [server.send('GET', '/admin/keys', { bearer: admin })]
  return (await Promise.all([...own, ...asked])).every(({ status }) => status === 200)
}

/** Tokens that are good for nothing: ended, expired, signed by nobody we know, signed by nobody. */
async function makeDead(
  server: TestServer,
  make: (role: string) => Promise<Person>,
): Promise<Readonly<Record<string, string>>> {
  const late = await make('late')
  await server.send('POST', '/logout', { bearer: late.held.access })
  const claims = claimsOf(late.inCookie.access)
  const other = (await generateKey('ES256')) as PrivateKey
  const foreign = await signJwt({ ...claims, exp: Math.floor(server.nowMs() / 1000) + 9e6 }, other, {
    typ: 'at+jwt',
  })
  const header = Buffer.from('{"alg":"none","typ":"at+jwt"}').toString('base64url')
  const early = await make('early')
  server.wait(601)
  return {
    ended: late.held.access,
    expired: early.held.access,
    foreign,
    unsigned: `${header}.${foreign.split('.')[1] ?? ''}.`,
  }
}

function claimsOf(token: string): Record<string, unknown> {
  return JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString()) as Record<string, unknown>
}

function once<T>(make: () => Promise<T>): () => Promise<T> {
  let made: Promise<T> | undefined
  return () => (made ??= make())
}
