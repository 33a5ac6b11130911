/** `grant_type=client_credentials` (RFC 6749 §4.4): a token for a program itself, and no refresh token. */
import { notOneResource } from '../config/audiences.ts'
import type { Answer } from '../http/answer.ts'
import { oauthAnswer, tokenAnswer } from '../http/answer.ts'
import type { Form } from '../http/form.ts'
import type { Client } from '../store/client-store.ts'
import { requireClient } from './calling-client.ts'
import type { Desk, Exchange } from './desk.ts'

export async function clientCredentialsGrant(desk: Desk, exchange: Exchange, form: Form): Promise<Answer> {
  const caller = await requireClient(desk, exchange, form)
  if (!caller.ok) return caller.answer
  const { client } = caller

  const scope = grantedScope(client, form.get('scope'))
  if (scope === undefined) {
    return oauthAnswer(
      'invalid_scope',
      'request_invalid',
      'scope: expected scopes of the client, got another',
    )
  }
  const resource = form.get('resource')
  const audience = grantedAudience(desk, client, resource)
  if (audience === undefined) {
    const detail = notOneResource(resource ?? '', 'API that the client was registered for')
    return oauthAnswer('invalid_target', 'request_invalid', detail)
  }
  const { token, expiresInSeconds } = await desk.accessTokens.issueToClient({ client, scope, audience })
  return tokenAnswer(200, {
    access_token: token,
    token_type: 'Bearer',
    expires_in: expiresInSeconds,
    ...(scope !== '' && { scope }),
  })
}

/** What was asked for, if the client may have it; all of it when nothing was asked for (RFC 6749 §3.3). */
function grantedScope(client: Client, asked: string | undefined): string | undefined {
  if (asked === undefined) return client.scope
  const held = client.scope.split(' ')
  const wanted = [...new Set(asked.split(' ').filter((part) => part !== ''))]
  return wanted.every((part) => held.includes(part)) ? wanted.join(' ') : undefined
}

/** One audience for one token (RFC 8707 §2): a token for several APIs could be used by each against the others. */
function grantedAudience({ config }: Desk, client: Client, asked: string | undefined): string | undefined {
  const audience = asked ?? client.audiences[0]
  if (audience === undefined || !client.audiences.includes(audience)) return undefined
  // Only the APIs of the configuration have secrets: who shares that of one could make tokens for others (P1).
  return config.jwtSecret !== undefined && !config.audiences.includes(audience) ? undefined : audience
}
