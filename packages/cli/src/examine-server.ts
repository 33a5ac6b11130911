/** What a server says of itself from outside: whether it answers, is ready, and publishes the key that it signs with. */
import type { Io } from './io.ts'

/** One thing that was looked at. `next` is what to do where it is not good. */
export interface Finding {
  readonly examined:
    | 'runtime'
    | 'settings'
    | 'database'
    | 'secrets'
    | 'keys'
    | 'server'
    | 'published'
    | 'clock'
  readonly outcome: 'good' | 'warning' | 'bad'
  readonly says: string
  readonly next?: string
}

const patienceMs = 5000
/** More than any of these documents has. */
const largestCharacters = 262_144
/** Tokens are good or not by the second, and iat may lie a minute ahead. */
const toleratedSeconds = 5

interface Reply {
  readonly status: number
  readonly json: Readonly<Record<string, unknown>>
  readonly date: string | null
}

/**
 * Asks a server at its issuer's address.
 *
 * @param activeKid - the key that it should publish; undefined where it signs with a shared secret
 */
export async function examineServer(
  issuer: string,
  activeKid: string | undefined,
  io: Io,
): Promise<readonly Finding[]> {
  const ready = await ask(`${issuer}/readyz`)
  if (ready === undefined) return [silent(issuer)]
  const metadata = await ask(metadataUrl(issuer))
  return [
    readiness(issuer, ready),
    await publication({ issuer, metadata, activeKid }),
    ...clock(ready.date, io.now()),
  ]
}

function silent(issuer: string): Finding {
  return {
    examined: 'server',
    outcome: 'bad',
    says: `nothing answers at ${issuer}`,
    next: 'Start it: tessera serve. Where it runs elsewhere, set TESSERA_ISSUER to the address that clients use; --offline leaves this out.',
  }
}

function readiness(issuer: string, { status, json }: Reply): Finding {
  if (status === 200) return { examined: 'server', outcome: 'good', says: `${issuer} is ready` }
  const reason = typeof json['detail'] === 'string' ? `: ${json['detail']}` : ''
  return {
    examined: 'server',
    outcome: 'bad',
    says: `${issuer}/readyz answers ${status}${reason}`,
    next: 'Read its log. If something else answers there, compare TESSERA_ISSUER with the address of the server.',
  }
}

interface Publication {
  readonly issuer: string
  readonly metadata: Reply | undefined
  readonly activeKid: string | undefined
}

async function publication({ issuer, metadata, activeKid }: Publication): Promise<Finding> {
  const bad = (says: string, next: string): Finding => ({ examined: 'published', outcome: 'bad', says, next })
  const { issuer: named, jwks_uri: address } = metadata?.json ?? {}
  if (named !== issuer || typeof address !== 'string') {
    return bad(
      `expected metadata (RFC 8414) of ${issuer}, got ${named === undefined ? 'none' : 'that of another issuer'}`,
      'Set TESSERA_ISSUER of the server to the address that clients use, letter for letter.',
    )
  }
  if (activeKid === undefined)
    return { examined: 'published', outcome: 'good', says: 'a shared secret signs: no key is published' }
  const { keys } = (await ask(address))?.json ?? {}
  const kids = Array.isArray(keys) ? keys.map((key: { kid?: unknown } | null) => key?.kid) : []
  if (kids.includes(activeKid)) {
    return {
      examined: 'published',
      outcome: 'good',
      says: `${kids.length} keys, the active one among them`,
    }
  }
  return bad(
    `expected the active key ${activeKid} in the JWK Set, got ${kids.length} others`,
    'The server runs on another database than these settings name, or a cache before it serves an old answer.',
  )
}

function clock(date: string | null, now: number): readonly Finding[] {
  const there = Date.parse(date ?? '') / 1000
  if (Number.isNaN(there)) return []
  const apart = Math.round(Math.abs(there - now))
  if (apart <= toleratedSeconds) return [{ examined: 'clock', outcome: 'good', says: 'as the server has it' }]
  return [
    {
      examined: 'clock',
      outcome: 'warning',
      says: `${apart} s apart from the clock of the server`,
      next: 'Let both machines follow a time server (NTP): tokens are judged by the second.',
    },
  ]
}

/** RFC 8414 §3.1: the well-known part comes before the issuer's path. */
function metadataUrl(issuer: string): string {
  const { origin, pathname } = new URL(issuer)
  return `${origin}/.well-known/oauth-authorization-server${pathname === '/' ? '' : pathname}`
}

/** Undefined: nobody answered in time. What is no JSON object counts as an empty one. */
async function ask(url: string): Promise<Reply | undefined> {
  try {
    const answer = await fetch(url, { redirect: 'error', signal: AbortSignal.timeout(patienceMs) })
    const text = (await answer.text()).slice(0, largestCharacters)
    return { status: answer.status, json: objectOf(text), date: answer.headers.get('date') }
  } catch {
    return undefined
  }
}

function objectOf(text: string): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {}
  } catch {
    return {}
  }
}
