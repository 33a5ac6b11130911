import { isClientError } from '@tessera/client'
import type { JSX } from 'preact'
import { useMessages } from '../language/context.ts'

/** What went wrong with a call of the token server: the code, what it means, what to do. */
export function Fault({ error }: { readonly error: unknown }): JSX.Element {
  const { codes } = useMessages()
  const code = isClientError(error) ? error.code : 'unavailable'
  return (
    <p role="alert" class="fault">
      <strong class="bad">{code}</strong> {codes[code].what} {codes[code].next}
    </p>
  )
}
