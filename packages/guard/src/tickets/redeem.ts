/** Redeeming a ticket at its issuer: one request, whose answer is the last word on that ticket over all guards (P20). */
import type { ClaimsSet } from '@tessera/jose'
import type { AccessClaims } from '../token-check.ts'
import type { TicketSettings } from './ticket-options.ts'

/** The shape of a ticket. What has another one is not sent anywhere. */
const ticketPattern = /^tk_[\w-]{22}\.[\w-]{43}$/
/** The answer to a redemption is short. */
const longestAnswer = 65_536

export type Redemption =
  | { readonly kind: 'active'; readonly claims: AccessClaims }
  /** Used, too late, unknown, for another path or audience, or of a session that has ended: the issuer does not say. */
  | { readonly kind: 'inactive' }
  /** Nobody can tell: the issuer is away, or does not know this API. */
  | { readonly kind: 'failed'; readonly error: Error }

export function isTicket(text: string): boolean {
  return ticketPattern.test(text)
}

export async function redeem(settings: TicketSettings, ticket: string, path: string): Promise<Redemption> {
  try {
    const { url, timeoutMs, client } = settings
    const response = await settings.fetch(url, {
      method: 'POST',
      headers: {
        accept: 'application/json',
        'content-type': 'application/x-www-form-urlencoded',
        authorization: `Basic ${basicCredentials(client)}`,
      },
      body: new URLSearchParams({ ticket, path }).toString(),
      redirect: 'manual',
      signal: AbortSignal.timeout(timeoutMs),
    })
    if (response.status !== 200) {
      await response.body?.cancel()
      return failed(`expected status 200, got ${response.status || 'a redirect'}`)
    }
    return judge(settings, path, await readAnswer(response))
  } catch (cause) {
    return { kind: 'failed', error: new Error('ticket: it could not be redeemed', { cause }) }
  }
}

/** RFC 6749 §2.3.1: both halves are form-encoded first. */
function basicCredentials({ id, secret }: TicketSettings['client']): string {
  const encode = (text: string): string => new URLSearchParams({ x: text }).toString().slice(2)
  return btoa(`${encode(id)}:${encode(secret)}`)
}

async function readAnswer(response: Response): Promise<Readonly<Record<string, unknown>>> {
  const text = await response.text()
  if (text.length > longestAnswer) throw new Error('ticket: expected a short answer')
  const answer: unknown = JSON.parse(text)
  if (typeof answer !== 'object' || answer === null) throw new Error('ticket: expected an object')
  return answer as Record<string, unknown>
}

/** What the issuer says of itself, of the API and of the path must be what was asked for, whoever answers for it. */
function judge(
  { issuer, audience, now }: TicketSettings,
  path: string,
  answer: Readonly<Record<string, unknown>>,
): Redemption {
  const { active, exp } = answer
  if (active === false) return { kind: 'inactive' }
  const { path: ownPath, active: _, ...claims } = answer
  const isOurs = claims['iss'] === issuer && claims['aud'] === audience && ownPath === path
  if (active !== true || !isOurs || typeof exp !== 'number')
    return failed('expected an answer for this issuer, audience and path')
  if (exp <= now()) return { kind: 'inactive' }
  return { kind: 'active', claims: Object.freeze(claims as ClaimsSet) as AccessClaims }
}

function failed(message: string): Redemption {
  return { kind: 'failed', error: new Error(`ticket: ${message}`) }
}
