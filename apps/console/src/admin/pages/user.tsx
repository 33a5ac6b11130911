/** One account: what it is, where it is signed in, and what can be done with it. */
import type { JSX } from 'preact'
import { useEffect, useState } from 'preact/hooks'
import { useMessages } from '../../language/context.ts'
import type { User } from '../api.ts'
import { useAdmin } from '../context.ts'
import { useAdminMessages } from '../language/use-admin-messages.ts'
import { linkTo } from '../route.ts'
import { Fault } from '../../show/fault.tsx'
import { Facts } from '../../show/facts.tsx'
import { Heading } from '../../show/heading.tsx'
import { Moment, useShortDate } from '../../show/moment.tsx'
import { SessionList } from '../show/session-list.tsx'
import { UserTags } from '../show/user-tags.tsx'
import { AccountActions, type AccountProps } from './account-actions.tsx'

export function UserPage({ id }: { readonly id: string }): JSX.Element {
  const { api } = useAdmin()
  const { controls } = useMessages()
  const { page, sections } = useAdminMessages()
  const [user, setUser] = useState<User | null>(null)
  const [error, setError] = useState<unknown>(null)

  async function load(): Promise<void> {
    setError(null)
    await api.findUser(id).then(setUser, setError)
  }
  useEffect(() => void load(), [id])

  return (
    <>
      <p class="back">
        <a href={linkTo('users')}>{page.back(sections.users)}</a>
      </p>
      {user !== null && <Account key={user.id} user={user} reload={load} />}
      <p role="status" class="note">
        {user === null && error === null && controls.loading}
      </p>
      {error !== null && (
        <>
          <Fault error={error} />
          <p class="actions">
            <button type="button" onClick={() => void load()}>
              {controls.retry}
            </button>
          </p>
        </>
      )}
    </>
  )
}

function Account({ user, reload }: AccountProps): JSX.Element {
  const { page, sections, user: words } = useAdminMessages()
  const date = useShortDate()
  const { email, email_verified: isVerified, disabled_at: disabledAt, roles } = user
  return (
    <>
      <Heading
        title={
          <>
            {user.username}
            <UserTags user={user} />
          </>
        }
      />
      <Facts
        facts={[
          [words.state, disabledAt === null ? words.active : words.disabledSince(date(disabledAt))],
          [words.roles, roles.length === 0 ? page.none : roles.join(', ')],
          [words.scope, <code>{user.scope}</code>],
          [
            words.email,
            email === null ? page.none : `${email} (${isVerified ? words.verified : words.unverified})`,
          ],
          [words.made, <Moment date={user.created_at} />],
          [words.id, <code>{user.id}</code>],
        ]}
      />
      <p>
        <a href={linkTo('audit', undefined, { id: user.id })}>{words.audit}</a>
      </p>
      <h2>{sections.sessions}</h2>
      <SessionList userId={user.id} username={user.username} />
      <h2>{words.actions}</h2>
      <AccountActions user={user} reload={reload} />
    </>
  )
}
