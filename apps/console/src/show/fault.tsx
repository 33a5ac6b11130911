import { isClientError, type ClientErrorCode } from '@tessera/client'
import type { JSX } from 'preact'
import { useCodeWords, useMessages } from '../language/context.ts'

/** Codes of which the server's own words say more than ours can. */
const told: ReadonlySet<ClientErrorCode> = new Set(['body_invalid', 'request_invalid', 'password_rejected'])

/** Why a call of the token server failed: the code, what it means, what to do, and what the server said of this case. */
export function Fault({ error }: { readonly error: unknown }): JSX.Element {
  const { controls } = useMessages()
  const codes = useCodeWords()
  const fault = isClientError(error) ? error : undefined
  const code = fault?.code ?? 'unavailable'
  const wait = fault?.retryAfterSeconds
  return (
    <div role="alert" class="fault">
      <p>
        <strong class="bad">{code}</strong> {codes[code].what}{' '}
        {wait === undefined ? codes[code].next : controls.waitSeconds(Math.ceil(wait))}
      </p>
      {fault?.detail !== undefined && told.has(code) && (
        <p class="hint">
          {controls.serverSays} <q lang="en">{fault.detail}</q>
        </p>
      )}
    </div>
  )
}
