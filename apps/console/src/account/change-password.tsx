/** A new password, for whoever knows the old one. Every other session ends with it. */
import type { JSX } from 'preact'
import { useState } from 'preact/hooks'
import { CodesContext } from '../language/context.ts'
import { Fault } from '../show/fault.tsx'
import { TextField, typedIn } from '../show/text-field.tsx'
import type { Account } from './account.ts'
import { useAccountMessages } from './language/use-account-messages.ts'

export interface ChangePasswordProps {
  readonly account: Account
  readonly username: string
  readonly onChanged: () => void
}

export function ChangePassword({ account, username, onChanged }: ChangePasswordProps): JSX.Element {
  const { password: words, signIn } = useAccountMessages()
  const [notice, setNotice] = useState('')
  const [error, setError] = useState<unknown>(null)
  const [isBusy, setBusy] = useState(false)

  async function change(form: HTMLFormElement): Promise<void> {
    const [current, next] = [typedIn(form, 'current-password'), typedIn(form, 'new-password')]
    if (isBusy) return
    setError(null)
    const empty = current === '' ? 'current-password' : next === '' ? 'new-password' : undefined
    setNotice(empty === undefined ? '' : words.fill)
    if (empty !== undefined) return (form.elements.namedItem(empty) as HTMLInputElement).focus()
    setBusy(true)
    try {
      await account.changePassword(current, next)
      form.reset()
      onChanged()
    } catch (fault) {
      setError(fault)
    }
    setBusy(false)
  }

  return (
    <details>
      <summary>{words.title}</summary>
      <p>{words.lead}</p>
      <form
        aria-busy={isBusy}
        onSubmit={(event) => {
          event.preventDefault()
          void change(event.currentTarget)
        }}
      >
        {/* Tells a password manager whose password it is. */}
        <TextField
          name="username"
          label={signIn.username}
          input={{ value: username, readOnly: true, autocomplete: 'username' }}
        />
        <TextField
          name="current-password"
          label={words.current}
          input={{ isSecret: true, autocomplete: 'current-password' }}
        />
        <TextField
          name="new-password"
          label={words.next}
          hint={words.hint}
          input={{ isSecret: true, autocomplete: 'new-password' }}
        />
        <CodesContext.Provider value={{ credentials_invalid: words.wrong }}>
          {error !== null && <Fault error={error} />}
        </CodesContext.Provider>
        <p class="actions">
          <button type="submit">{words.change}</button>
        </p>
        <p role="status" class="note">
          {notice}
        </p>
      </form>
    </details>
  )
}
