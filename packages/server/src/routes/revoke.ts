/**
 * `POST /revoke` (RFC 7009): ends an access token by its `jti`, or the session of a refresh token. Who holds a token may
 * end it; a client that proves itself ends its own only. What is unknown or has ended is 200 as well (§2.2).
 */
import type { Answer } from '../http/answer.ts'
import { asOAuthAnswer, invalidRequest } from '../http/answer.ts'
import { readForm } from '../http/read-body.ts'
import type { OwnClaims } from '../tokens/own-access-tokens.ts'
import { callingClient } from './calling-client.ts'
import type { Desk, Endpoint } from './desk.ts'

const done: Answer = { status: 200, headers: { 'cache-control': 'no-store' }, body: null }

export const revoke: Endpoint = async (desk, exchange) => {
  const form = await readForm(exchange.request)
  if (!form.ok) return asOAuthAnswer(form.problem)
  const caller = await callingClient(desk, exchange, form.value)
  if (!caller.ok) return caller.answer
  const token = form.value.get('token')
  if (token === undefined) return invalidRequest('token: expected a token, got none')

  const clientId = caller.client?.clientId ?? form.value.get('client_id')
  // `token_type_hint` is not needed: the two kinds cannot be taken for each other.
  await desk.tokens.endByRefreshToken(token, clientId)
  const claims = await desk.ownTokens.verify(token)
  const isTheirs = claims !== undefined && (clientId === undefined || clientId === claims.client_id)
  if (isTheirs) await revokeAccessToken(desk, claims, exchange.addressPrefix)
  return done
}

/** Clocks of guards may be behind: the entry outlives the token by so many seconds. */
const marginSeconds = 60

async function revokeAccessToken(
  { store, revocations, nowMs }: Desk,
  { sub, sid, jti, exp }: OwnClaims,
  addressPrefix: string,
): Promise<void> {
  const atMs = nowMs()
  const createdAt = Math.floor(atMs / 1000)
  const entry = { kind: 'token', jti, createdAt, expiresAt: Math.ceil(exp) + marginSeconds } as const
  const event = { atMs, event: 'token.revoked' as const, userId: sub, sid, addressPrefix, detail: { jti } }
  revocations.add(await store.revocations.add(entry, event))
}
