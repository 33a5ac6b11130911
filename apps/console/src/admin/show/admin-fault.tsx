import { isClientError, type ClientErrorCode } from '@tessera/client'
import type { JSX } from 'preact'
import { useMessages } from '../../language/context.ts'
import { useAdminMessages } from '../language/use-admin-messages.ts'

/** Codes of which the server's own words say more than ours can. */
const told: ReadonlySet<ClientErrorCode> = new Set(['body_invalid', 'request_invalid', 'password_rejected'])

/** Why a call of the administration failed: the code, what it means, what to do, and what the server said of this case. */
export function AdminFault({ error }: { readonly error: unknown }): JSX.Element {
  const { codes } = useMessages()
  const { page, codes: ownCodes } = useAdminMessages()
  const fault = isClientError(error) ? error : undefined
  const code = fault?.code ?? 'unavailable'
  const words = ownCodes[code] ?? codes[code]
  const wait = fault?.retryAfterSeconds
  return (
    <div role="alert" class="fault">
      <p>
        <strong class="bad">{code}</strong> {words.what}{' '}
        {wait === undefined ? words.next : page.waitSeconds(wait)}
      </p>
      {fault !== undefined && told.has(code) && fault.message !== '' && (
        <p class="hint">
          {page.serverSays} <q lang="en">{fault.message}</q>
        </p>
      )}
    </div>
  )
}
