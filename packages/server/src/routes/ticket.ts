/**
 * Tickets for WebSocket and server-sent events, which cannot carry the header (P20): got with an access token, good for
 * thirty seconds, for one audience and one path, and once, over all guards.
 */
import { createHash, randomBytes } from 'node:crypto'
import { problem, tokenProblem } from '@tessera/guard'
import { z } from 'zod'
import type { Answer } from '../http/answer.ts'
import { asOAuthAnswer, invalidRequest, jsonAnswer, problemAnswer } from '../http/answer.ts'
import { readForm, readJson } from '../http/read-body.ts'
import type { Client } from '../store/client-store.ts'
import type { Ticket } from '../store/ticket-store.ts'
import type { OwnClaims } from '../tokens/own-access-tokens.ts'
import { requireClient } from './calling-client.ts'
import type { Desk, Endpoint } from './desk.ts'

const lifeSeconds = 30

export const ticketBody: z.ZodObject<{
  path: z.ZodString
  audience: z.ZodOptional<z.ZodString>
  scope: z.ZodOptional<z.ZodString>
}> = z.object({
  path: z.string().min(1).max(1024),
  audience: z.string().min(1).max(1024).optional(),
  scope: z.string().max(1024).optional(),
})

/** `POST /ticket`. A ticket is no token: none is got with one. */
export const issueTicket: Endpoint = async ({ door, ownTokens, store, nowMs }, { request }) => {
  const entry = await door.admit(request)
  if (!entry.ok) return problemAnswer(entry.problem)
  const body = await readJson(request, ticketBody)
  if (!body.ok) return problemAnswer(body.problem)
  const claims = await ownTokens.verify(entry.visitor.token)
  if (claims === undefined) return problemAnswer(tokenProblem('revoked', 'expected a token in force'))

  const { path, audience = audiencesOf(claims)[0] ?? '', scope = scopeOf(claims) } = body.value
  if (!audiencesOf(claims).includes(audience)) {
    return problemAnswer(problem('body_invalid', 'audience: expected one of the token, got another'))
  }
  const held = scopeOf(claims).split(' ')
  if (!scope.split(' ').every((part) => held.includes(part))) {
    return problemAnswer(problem('body_invalid', 'scope: expected scopes of the token, got another'))
  }
  const ticket = `tk_${randomBytes(16).toString('base64url')}.${randomBytes(32).toString('base64url')}`
  const expiresAt = Math.floor(nowMs() / 1000) + lifeSeconds
  await store.tickets.insert({ id: ticketId(ticket), claims, scope, audience, path, expiresAt })
  return jsonAnswer(201, { ticket, expires_in: lifeSeconds })
}

const inactive = jsonAnswer(200, { active: false })

/** `POST /ticket/redeem`, by the API that the connection goes to. What it may not have is used up all the same. */
export const redeemTicket: Endpoint = async (desk, exchange) => {
  const form = await readForm(exchange.request)
  if (!form.ok) return asOAuthAnswer(form.problem)
  const caller = await requireClient(desk, exchange, form.value)
  if (!caller.ok) return caller.answer
  const [text, path] = [form.value.get('ticket'), form.value.get('path')]
  if (text === undefined) return invalidRequest('ticket: expected a ticket, got none')
  if (path === undefined) return invalidRequest('path: expected the path of the connection, got none')

  const ticket = await desk.store.tickets.take(ticketId(text), Math.floor(desk.nowMs() / 1000))
  if (ticket === undefined || ticket.path !== path || !isFor(caller.client, ticket)) return inactive
  return shown(desk, ticket)
}

/** An API is a client whose id is the audience, or that was registered for it. */
function isFor({ clientId, audiences }: Client, { audience }: Ticket): boolean {
  return clientId === audience || audiences.includes(audience)
}

/** The connection may last as long as the token would have, and ends with its session: hence `exp`, `sid`, `sv`, `jti`. */
async function shown({ ownTokens, revocations, nowMs }: Desk, ticket: Ticket): Promise<Answer> {
  const claims = ticket.claims as OwnClaims
  const isDead = claims.exp <= nowMs() / 1000 || revocations.source.isRevoked(claims)
  if (isDead || !(await ownTokens.isInForce(claims))) return inactive
  const { iss, sub, client_id, roles, sid, sv, jti, exp } = claims
  const { scope, audience: aud, path } = ticket
  return jsonAnswer(200, { active: true, iss, sub, aud, client_id, scope, roles, sid, sv, jti, exp, path })
}

function ticketId(ticket: string): string {
  return createHash('sha256').update(ticket).digest('base64url')
}

function audiencesOf({ aud }: OwnClaims): readonly string[] {
  return typeof aud === 'string' ? [aud] : (aud ?? [])
}

function scopeOf(claims: OwnClaims): string {
  return typeof claims['scope'] === 'string' ? claims['scope'] : ''
}
