/** `POST /introspect` (RFC 7662): whether a token is in force, for clients that may know (P28). */
import { asOAuthAnswer, invalidRequest, jsonAnswer } from '../http/answer.ts'
import { readForm } from '../http/read-body.ts'
import type { Client } from '../store/client-store.ts'
import type { OwnClaims } from '../tokens/own-access-tokens.ts'
import { requireClient } from './calling-client.ts'
import type { Endpoint } from './desk.ts'

/** §2.2: one answer for every cause, so that it tells nothing. */
const inactive = { active: false }

export const introspect: Endpoint = async (desk, exchange) => {
  const form = await readForm(exchange.request)
  if (!form.ok) return asOAuthAnswer(form.problem)
  const caller = await requireClient(desk, exchange, form.value)
  if (!caller.ok) return caller.answer
  const token = form.value.get('token')
  if (token === undefined) return invalidRequest('token: expected a token, got none')

  // A refresh token is told to its client alone, and our own log-ins authenticate no client: it is inactive to all others.
  const claims = await desk.ownTokens.verify(token)
  if (claims === undefined || !maySee(caller.client, claims)) return jsonAnswer(200, inactive)
  if (!(await desk.ownTokens.isInForce(claims))) return jsonAnswer(200, inactive)
  return jsonAnswer(200, { active: true, token_type: 'Bearer', ...shown(claims) })
}

/** The API that the token is for, the client that it was issued to, and whoever has the scope `introspect`. */
function maySee({ clientId, scope }: Client, { aud, client_id: owner }: OwnClaims): boolean {
  const audiences = typeof aud === 'string' ? [aud] : (aud ?? [])
  return audiences.includes(clientId) || owner === clientId || scope.split(' ').includes('introspect')
}

/** Members of §2.2, and what API servers of ours read beside them. */
const members = [
  'iss',
  'sub',
  'aud',
  'client_id',
  'scope',
  'roles',
  'iat',
  'exp',
  'jti',
  'sid',
  'auth_time',
] as const

function shown(claims: OwnClaims): Record<string, unknown> {
  return Object.fromEntries(
    members.flatMap((name) => (claims[name] === undefined ? [] : [[name, claims[name]]])),
  )
}
