/** Asks for the password when the log-in has become too old. What waits behind it goes on afterwards. */
import type { JSX } from 'preact'
import { useState } from 'preact/hooks'
import { useAdminMessages } from './language/use-admin-messages.ts'
import type { AdminSession, AdminState } from './session.ts'
import { Fault } from '../show/fault.tsx'
import { Modal } from '../show/modal.tsx'
import { TextField, typedIn } from '../show/text-field.tsx'

export interface PasswordAgainProps {
  readonly session: AdminSession
  readonly state: AdminState & { readonly status: 'asking' }
}

export function PasswordAgain({ session, state }: PasswordAgainProps): JSX.Element {
  const { again, signIn } = useAdminMessages()
  const [error, setError] = useState<unknown>(null)
  const [isBusy, setBusy] = useState(false)

  async function goOn(form: HTMLFormElement): Promise<void> {
    const password = typedIn(form, 'password-again')
    if (isBusy || password === '') return
    setBusy(true)
    setError(null)
    await session.signIn(state.username, password).catch((fault: unknown) => {
      setError(fault)
      setBusy(false)
    })
  }

  return (
    <Modal id="again" title={again.title} onLeave={() => {}}>
      <form
        aria-busy={isBusy}
        onSubmit={(event) => {
          event.preventDefault()
          void goOn(event.currentTarget)
        }}
      >
        <p>{state.why === 'stale' ? again.stale : again.ended}</p>
        <TextField
          name="username-again"
          label={signIn.username}
          input={{ value: state.username, readOnly: true, autocomplete: 'username' }}
        />
        <TextField
          name="password-again"
          label={signIn.password}
          input={{ isSecret: true, autocomplete: 'current-password', 'data-first': true }}
        />
        {error !== null && <Fault error={error} />}
        <p class="actions">
          <button type="submit" class="main">
            {again.goOn}
          </button>
          <button type="button" onClick={() => session.signOut()}>
            {again.signOut}
          </button>
        </p>
      </form>
    </Modal>
  )
}
