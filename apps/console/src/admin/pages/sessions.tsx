import type { JSX } from 'preact'
import { useAdmin } from '../context.ts'
import { useAdminMessages } from '../language/use-admin-messages.ts'
import { linkTo } from '../route.ts'
import { ChooseUser } from '../show/choose-user.tsx'
import { Heading } from '../show/heading.tsx'
import { NameForm } from '../show/name-form.tsx'
import { SessionList } from '../show/session-list.tsx'
import { useUserName } from '../show/user-name.tsx'

export interface SessionsProps {
  /** A part of a user name, where somebody is looked for. */
  readonly search: string
  /** Whose sessions; one's own where it is empty. */
  readonly userId: string
}

export function Sessions({ search, userId }: SessionsProps): JSX.Element {
  const { administrator } = useAdmin()
  const { sessions } = useAdminMessages()
  return (
    <>
      <Heading title={sessions.title} lead={sessions.lead} />
      <NameForm
        label={sessions.whose}
        verb={sessions.show}
        value={search}
        onAsk={(text) => (location.hash = linkTo('sessions', undefined, { search: text }))}
      />
      {search === '' ? (
        <SessionsOf userId={userId === '' ? administrator.userId : userId} />
      ) : (
        <ChooseUser section="sessions" search={search} />
      )}
    </>
  )
}

function SessionsOf({ userId }: { readonly userId: string }): JSX.Element {
  const { sessions } = useAdminMessages()
  const name = useUserName(userId) ?? userId.slice(0, 6)
  return (
    <>
      <h2>
        <a href={linkTo('users', userId)}>{sessions.of(name)}</a>
      </h2>
      <SessionList userId={userId} username={name} />
    </>
  )
}
