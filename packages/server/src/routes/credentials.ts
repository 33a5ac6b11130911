/** What sign-up, login and the change of a password have in common. */
import { problem } from '@tessera/guard'
import { z } from 'zod'
import type { Answer } from '../http/answer.ts'
import { problemAnswer, waitProblem } from '../http/answer.ts'
import { deviceLabel } from '../sessions/device-label.ts'
import type { Transport } from '../store/store.ts'
import type { Device } from '../tokens/session-tokens.ts'
import type { Exchange } from './desk.ts'

export const credentialsBody: z.ZodObject<{ username: z.ZodString; password: z.ZodString }> = z.object({
  username: z.string(),
  password: z.string(),
})

/** The device that a new session is listed under. */
export function deviceOf(
  { request, addressPrefix }: Exchange,
  { transport, scope = 'account' }: { readonly transport: Transport; readonly scope?: string },
): Device {
  return { label: deviceLabel(request.headers.get('user-agent')), addressPrefix, transport, scope }
}

type Refusal =
  | { readonly code: 'throttled'; readonly retryAfterSeconds: number }
  | { readonly code: 'credentials_invalid' }
  | { readonly code: 'body_invalid' | 'password_rejected' | 'username_taken'; readonly why: string }

/** The answer to credentials that were refused. One wording for an unknown name and a wrong password. */
export function refuseCredentials(refusal: Refusal): Answer {
  if (refusal.code === 'throttled') {
    const { retryAfterSeconds } = refusal
    return problemAnswer(
      waitProblem('throttled', 'too many attempts: wait before the next one', retryAfterSeconds),
    )
  }
  if (refusal.code === 'credentials_invalid') {
    return problemAnswer(problem('credentials_invalid', 'the user name or the password is wrong'))
  }
  const subject = refusal.code === 'password_rejected' ? 'password: ' : ''
  return problemAnswer(problem(refusal.code, `${subject}${refusal.why}`))
}
