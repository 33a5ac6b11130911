/** The door of the administration, and what to do where there is no administrator yet. */
import type { JSX } from 'preact'
import { useState } from 'preact/hooks'
import { isClientError } from '@tessera/client'
import { useAdminMessages } from './language/use-admin-messages.ts'
import type { AdminSession } from './session.ts'
import { Fault } from '../show/fault.tsx'
import { Heading } from '../show/heading.tsx'
import { SignInForm } from '../show/sign-in-form.tsx'

/** The command that makes the first administrator. */
const command = 'npx tessera users add root --scope admin'

export function SignIn({ session }: { readonly session: AdminSession }): JSX.Element {
  const { signIn } = useAdminMessages()
  const [error, setError] = useState<unknown>(null)
  const isNoAdmin = isClientError(error) && error.code === 'insufficient_scope'
  return (
    <main class="door">
      <Heading title={signIn.title} lead={signIn.lead} />
      <SignInForm words={signIn} signIn={session.signIn} onFault={setError} />
      {error !== null && <Fault error={error} />}
      <p class="hint">{signIn.kept}</p>
      <details open={isNoAdmin}>
        <summary>{signIn.firstAdmin}</summary>
        <p>{signIn.firstAdminWhy}</p>
        <pre class="command">{command}</pre>
      </details>
    </main>
  )
}
