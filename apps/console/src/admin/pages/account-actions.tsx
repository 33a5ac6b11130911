/** What can be done with an account: other roles, in and out, and gone. */
import type { JSX } from 'preact'
import { useState } from 'preact/hooks'
import type { User } from '../api.ts'
import { useAdmin } from '../context.ts'
import { useAdminMessages } from '../language/use-admin-messages.ts'
import { linkTo } from '../route.ts'
import { Fault } from '../../show/fault.tsx'
import { TextField, wordsOf } from '../../show/text-field.tsx'

export interface AccountProps {
  readonly user: User
  readonly reload: () => Promise<void>
}

export function AccountActions({ user, reload }: AccountProps): JSX.Element {
  const { administrator, api, announce, confirm } = useAdmin()
  const { user: words } = useAdminMessages()
  const [error, setError] = useState<unknown>(null)
  const notes = user.id === administrator.userId ? [words.own] : []
  const ending = { name: user.username, notes }
  /** Does what ends nothing, and tells so. */
  async function act(deed: () => Promise<unknown>, done: string): Promise<void> {
    setError(null)
    try {
      await deed()
      announce(done)
      await reload()
    } catch (fault) {
      setError(fault)
    }
  }
  const disable = (): void =>
    confirm({ ...ending, words: words.disable, act: () => api.disableUser(user.id), after: reload })
  const remove = (): void =>
    confirm({
      ...ending,
      words: words.remove,
      typed: user.username,
      act: () => api.removeUser(user.id),
      leadsTo: linkTo('users'),
    })
  return (
    <>
      <RolesForm
        user={user}
        onSave={(roles) => void act(() => api.changeRoles(user.id, roles), words.rolesSaved(user.username))}
      />
      {error !== null && <Fault error={error} />}
      <p class="actions">
        {user.disabled_at === null ? (
          <button key="turn" type="button" class="danger" onClick={disable}>
            {words.disable.verb}
          </button>
        ) : (
          <button
            key="turn"
            type="button"
            onClick={() => void act(() => api.enableUser(user.id), words.enabled(user.username))}
          >
            {words.enable}
          </button>
        )}
        <button type="button" class="danger" onClick={remove}>
          {words.remove.verb}
        </button>
      </p>
    </>
  )
}

interface RolesFormProps {
  readonly user: User
  readonly onSave: (roles: readonly string[]) => void
}

function RolesForm({ user, onSave }: RolesFormProps): JSX.Element {
  const { user: words } = useAdminMessages()
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault()
        onSave(wordsOf(event.currentTarget, 'roles'))
      }}
    >
      <TextField
        name="roles"
        label={words.roles}
        hint={words.rolesHint}
        input={{ defaultValue: user.roles.join(' ') }}
      />
      <p class="actions">
        <button type="submit">{words.saveRoles}</button>
      </p>
    </form>
  )
}
