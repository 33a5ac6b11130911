/** The client that a request to an OAuth endpoint comes from, where it proves one; or the answer to give at once. */
import type { ClientVerdict } from '../clients/authenticate-client.ts'
import type { CheckedConfig } from '../config/check-config.ts'
import type { Answer } from '../http/answer.ts'
import { asOAuthAnswer, clientChallenge, invalidRequest, waitProblem } from '../http/answer.ts'
import type { Form } from '../http/form.ts'
import type { Client } from '../store/client-store.ts'
import type { Desk, Exchange } from './desk.ts'

export type CallingClient =
  | { readonly ok: true; readonly client: Client | undefined }
  | { readonly ok: false; readonly answer: Answer }

/** `client` is absent where the request presents no credentials. Wrong ones are refused, whatever is asked for. */
export function callingClient(
  { clients, config }: Desk,
  exchange: Exchange,
  form: Form,
): CallingClient | Promise<CallingClient> {
  const verdict = clients.authenticate({
    authorization: exchange.request.headers.get('authorization'),
    form,
    addressPrefix: () => exchange.addressPrefix,
  })
  if (verdict instanceof Promise) return verdict.then((settled) => callerOf(settled, config))
  return callerOf(verdict, config)
}

const anonymous: CallingClient = { ok: true, client: undefined }

function callerOf(verdict: ClientVerdict, { issuer }: CheckedConfig): CallingClient {
  if (verdict.ok) return { ok: true, client: verdict.client }
  switch (verdict.error) {
    case 'none':
      return anonymous
    case 'throttled': {
      const detail = 'too many attempts: wait before the next one'
      return refused(asOAuthAnswer(waitProblem('throttled', detail, verdict.retryAfterSeconds)))
    }
    case 'invalid_request':
      return refused(invalidRequest(verdict.why))
    case 'invalid_client':
      return refused(clientChallenge(verdict.code, verdict.why, issuer))
  }
}

/** The same where the endpoint is for clients alone. */
export async function requireClient(
  desk: Desk,
  exchange: Exchange,
  form: Form,
): Promise<{ readonly ok: true; readonly client: Client } | { readonly ok: false; readonly answer: Answer }> {
  const caller = await callingClient(desk, exchange, form)
  if (!caller.ok) return caller
  const { client } = caller
  if (client !== undefined) return { ok: true, client }
  const why = 'expected client authentication, got none'
  return refused(clientChallenge('credentials_invalid', why, desk.config.issuer))
}

function refused(answer: Answer): { readonly ok: false; readonly answer: Answer } {
  return { ok: false, answer }
}
