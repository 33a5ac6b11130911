import type { JSX } from 'preact'
import { useState } from 'preact/hooks'
import { TextField, textOf, typedIn } from './text-field.tsx'

export interface SignInFormProps {
  readonly words: {
    readonly username: string
    readonly password: string
    readonly signIn: string
    readonly fill: string
  }
  readonly signIn: (username: string, password: string) => Promise<unknown>
  /** Told what went wrong, and `null` when another attempt begins. */
  readonly onFault: (error: unknown) => void
}

/** User name and password. What was typed stays there when it is refused. */
export function SignInForm({ words, signIn, onFault }: SignInFormProps): JSX.Element {
  const [notice, setNotice] = useState('')
  const [isBusy, setBusy] = useState(false)

  async function enter(fields: HTMLFormElement): Promise<void> {
    const username = textOf(fields, 'username')
    const password = typedIn(fields, 'password')
    onFault(null)
    const empty = username === '' ? 'username' : password === '' ? 'password' : undefined
    setNotice(empty === undefined ? '' : words.fill)
    if (isBusy) return
    if (empty !== undefined) return (fields.elements.namedItem(empty) as HTMLInputElement).focus()
    setBusy(true)
    await signIn(username, password).catch((fault: unknown) => {
      onFault(fault)
      setBusy(false)
    })
  }

  return (
    <form
      aria-busy={isBusy}
      onSubmit={(event) => {
        event.preventDefault()
        void enter(event.currentTarget)
      }}
    >
      <TextField name="username" label={words.username} input={{ autocomplete: 'username' }} />
      <TextField
        name="password"
        label={words.password}
        input={{ isSecret: true, autocomplete: 'current-password' }}
      />
      <p class="actions">
        <button type="submit" class="main">
          {words.signIn}
        </button>
      </p>
      <p role="status" class="note">
        {notice}
      </p>
    </form>
  )
}
