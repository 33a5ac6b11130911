import type { JSX } from 'preact'
import { useRef, useState } from 'preact/hooks'
import { inventUser } from '../invent-user.ts'
import { useMessages } from '../language/context.ts'
import type { Playground, View } from '../playground.ts'
import { Fault } from '../show/fault.tsx'
import { focusStep, Step } from '../show/step.tsx'

export interface LogInProps {
  readonly playground: Playground
  readonly view: View
}

export function LogIn({ playground, view }: LogInProps): JSX.Element {
  const { logIn } = useMessages()
  const [username, setUsername] = useState('')
  return (
    <Step id="log-in" number={1} title={logIn.title} lead={logIn.lead}>
      {view.session.status === 'signed-in' ? (
        <p class="note">{logIn.signedIn(username)}</p>
      ) : (
        <>
          {view.issued !== null && <p class="note">{logIn.ended}</p>}
          <LogInForm playground={playground} onDone={setUsername} />
        </>
      )}
    </Step>
  )
}

interface LogInFormProps {
  readonly playground: Playground
  readonly onDone: (username: string) => void
}

function LogInForm({ playground, onDone }: LogInFormProps): JSX.Element {
  const { logIn } = useMessages()
  const form = useRef<HTMLFormElement>(null)
  const signUpButton = useRef<HTMLButtonElement>(null)
  const [isShown, show] = useState(false)
  const [notice, setNotice] = useState('')
  const [error, setError] = useState<unknown>(null)
  const [isBusy, setBusy] = useState(false)

  const field = (name: string): HTMLInputElement => form.current?.elements.namedItem(name) as HTMLInputElement

  async function enter(verb: 'signup' | 'login'): Promise<void> {
    const [username, password] = [field('username'), field('password')]
    setError(null)
    const empty = [username, password].find((input) => input.value === '')
    setNotice(empty === undefined ? '' : logIn.fill)
    if (isBusy || empty !== undefined) return empty?.focus()
    setBusy(true)
    try {
      onDone(username.value)
      await playground.client[verb]({ username: username.value, password: password.value })
      focusStep('look')
    } catch (fault) {
      setError(fault)
      setBusy(false)
    }
  }

  function invent(): void {
    const user = inventUser()
    field('username').value = user.username
    field('password').value = user.password
    show(true)
    setError(null)
    setNotice(logIn.invented)
    signUpButton.current?.focus()
  }

  return (
    <form
      ref={form}
      aria-busy={isBusy}
      onSubmit={(event) => {
        event.preventDefault()
        // Enter in a field means the first button: to log in.
        const submitter = event.submitter as HTMLButtonElement | null
        void enter(submitter?.value === 'signup' ? 'signup' : 'login')
      }}
    >
      <p class="field">
        <label for="username">{logIn.username}</label>
        <input
          id="username"
          name="username"
          autocomplete="username"
          autocapitalize="none"
          spellcheck={false}
        />
      </p>
      <p class="field">
        <label for="password">{logIn.password}</label>
        <input
          id="password"
          name="password"
          {...(isShown ? { type: 'text' as const } : { type: 'password' as const })}
          autocomplete="current-password"
          aria-describedby="password-hint"
        />
        <span id="password-hint" class="hint">
          {logIn.passwordHint}
        </span>
      </p>
      <p class="field">
        <label class="check">
          <input type="checkbox" checked={isShown} onChange={(event) => show(event.currentTarget.checked)} />{' '}
          {logIn.show}
        </label>
      </p>
      <p class="actions">
        <button type="submit" class="main" value="login">
          {logIn.logIn}
        </button>
        <button type="submit" value="signup" ref={signUpButton}>
          {logIn.signUp}
        </button>
        <button type="button" class="quiet" onClick={invent}>
          {logIn.invent}
        </button>
      </p>
      <p role="status" class="note">
        {notice}
      </p>
      {error !== null && <Fault error={error} />}
    </form>
  )
}
