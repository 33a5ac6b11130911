/** The door of the administration, and what to do where there is no administrator yet. */
import type { JSX } from 'preact'
import { useRef, useState } from 'preact/hooks'
import { isClientError } from '@tessera/client'
import { useAdminMessages } from './language/use-admin-messages.ts'
import type { AdminSession } from './session.ts'
import { AdminFault } from './show/admin-fault.tsx'
import { Heading } from './show/heading.tsx'
import { TextField, textOf, typedIn } from './show/text-field.tsx'

/** The command that makes the first administrator. */
const command = 'npx tessera users add root --scope admin'

export function SignIn({ session }: { readonly session: AdminSession }): JSX.Element {
  const { signIn } = useAdminMessages()
  const [error, setError] = useState<unknown>(null)
  const isNoAdmin = isClientError(error) && error.code === 'insufficient_scope'
  return (
    <main class="door">
      <Heading title={signIn.title} lead={signIn.lead} />
      <SignInForm session={session} onFault={setError} />
      {error !== null && <AdminFault error={error} />}
      <p class="hint">{signIn.kept}</p>
      <details open={isNoAdmin}>
        <summary>{signIn.firstAdmin}</summary>
        <p>{signIn.firstAdminWhy}</p>
        <pre class="command">{command}</pre>
      </details>
    </main>
  )
}

interface SignInFormProps {
  readonly session: AdminSession
  readonly onFault: (error: unknown) => void
}

function SignInForm({ session, onFault }: SignInFormProps): JSX.Element {
  const { signIn } = useAdminMessages()
  const form = useRef<HTMLFormElement>(null)
  const [notice, setNotice] = useState('')
  const [isBusy, setBusy] = useState(false)

  async function enter(fields: HTMLFormElement): Promise<void> {
    const username = textOf(fields, 'username')
    const password = typedIn(fields, 'password')
    onFault(null)
    const empty = username === '' ? 'username' : password === '' ? 'password' : undefined
    setNotice(empty === undefined ? '' : signIn.fill)
    if (isBusy) return
    if (empty !== undefined) return (fields.elements.namedItem(empty) as HTMLInputElement).focus()
    setBusy(true)
    await session.signIn(username, password).catch((fault: unknown) => {
      onFault(fault)
      setBusy(false)
    })
  }

  return (
    <form
      ref={form}
      aria-busy={isBusy}
      onSubmit={(event) => {
        event.preventDefault()
        void enter(event.currentTarget)
      }}
    >
      <TextField name="username" label={signIn.username} input={{ autocomplete: 'username' }} />
      <TextField
        name="password"
        label={signIn.password}
        input={{ isSecret: true, autocomplete: 'current-password' }}
      />
      <p class="actions">
        <button type="submit" class="main">
          {signIn.signIn}
        </button>
      </p>
      <p role="status" class="note">
        {notice}
      </p>
    </form>
  )
}
