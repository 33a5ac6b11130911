import type { JSX } from 'preact'
import { useRef, useState } from 'preact/hooks'
import { inventUser } from '../../invent-user.ts'
import type { User } from '../api.ts'
import { useAdmin } from '../context.ts'
import { useAdminMessages } from '../language/use-admin-messages.ts'
import { linkTo } from '../route.ts'
import { Fault } from '../../show/fault.tsx'
import { Heading } from '../../show/heading.tsx'
import { TextField, textOf, wordsOf, typedIn } from '../../show/text-field.tsx'
import { ToldOnce } from '../show/told-once.tsx'

interface Added {
  readonly user: User
  readonly password: string
}

export function NewUser(): JSX.Element {
  const { page, sections } = useAdminMessages()
  const [added, setAdded] = useState<Added | null>(null)
  return (
    <>
      <p class="back">
        <a href={linkTo('users')}>{page.back(sections.users)}</a>
      </p>
      {added === null ? (
        <NewUserForm onAdded={setAdded} />
      ) : (
        <HandOver added={added} onAnother={() => setAdded(null)} />
      )}
    </>
  )
}

function NewUserForm({ onAdded }: { readonly onAdded: (added: Added) => void }): JSX.Element {
  const { api } = useAdmin()
  const { newUser } = useAdminMessages()
  const form = useRef<HTMLFormElement>(null)
  const [error, setError] = useState<unknown>(null)
  const [isBusy, setBusy] = useState(false)

  async function add(fields: HTMLFormElement): Promise<void> {
    if (isBusy) return
    setBusy(true)
    setError(null)
    const password = typedIn(fields, 'new-password')
    const roles = wordsOf(fields, 'roles')
    try {
      const user = await api.addUser({ username: textOf(fields, 'new-username'), password, roles })
      onAdded({ user, password })
    } catch (fault) {
      setError(fault)
      setBusy(false)
    }
  }

  function invent(): void {
    const field = form.current?.elements.namedItem('new-password') as HTMLInputElement
    field.value = inventUser().password
    field.focus()
  }

  return (
    <>
      <Heading title={newUser.title} lead={newUser.lead} />
      <form
        ref={form}
        aria-busy={isBusy}
        onSubmit={(event) => {
          event.preventDefault()
          void add(event.currentTarget)
        }}
      >
        <TextField name="new-username" label={newUser.username} input={{ required: true }} />
        <TextField
          name="new-password"
          label={newUser.password}
          hint={newUser.passwordHint}
          input={{ required: true, autocomplete: 'new-password' }}
        />
        <p class="beside">
          <button type="button" class="quiet" onClick={invent}>
            {newUser.invent}
          </button>
        </p>
        <TextField name="roles" label={newUser.roles} hint={newUser.rolesHint} />
        {error !== null && <Fault error={error} />}
        <p class="actions">
          <button type="submit" class="main">
            {newUser.add}
          </button>
        </p>
        <p class="hint">{newUser.noAdmins}</p>
      </form>
    </>
  )
}

interface HandOverProps {
  readonly added: Added
  readonly onAnother: () => void
}

function HandOver({ added, onAnother }: HandOverProps): JSX.Element {
  const { newUser } = useAdminMessages()
  return (
    <>
      <Heading title={newUser.added(added.user.username)} />
      <ToldOnce name={newUser.password} value={added.password} warning={newUser.handOver} />
      <p class="actions">
        <a class="button" href={linkTo('users', added.user.id)}>
          {newUser.toAccount}
        </a>
        <button type="button" onClick={onAnother}>
          {newUser.another}
        </button>
      </p>
    </>
  )
}
