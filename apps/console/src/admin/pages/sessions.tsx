import type { JSX } from 'preact'
import { useAdminMessages } from '../language/use-admin-messages.ts'
import { linkTo } from '../route.ts'
import { ChooseUser } from '../show/choose-user.tsx'
import { Heading } from '../../show/heading.tsx'
import { NameForm } from '../show/name-form.tsx'
import { AllSessions, SessionList } from '../show/session-list.tsx'
import { useUserName } from '../show/user-name.tsx'

export interface SessionsProps {
  /** A part of a user name, where somebody is looked for. */
  readonly search: string
  /** Whose sessions; everybody's where it is empty. */
  readonly userId: string
}

export function Sessions({ search, userId }: SessionsProps): JSX.Element {
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
      {search !== '' && <ChooseUser section="sessions" search={search} />}
      {search === '' && (userId === '' ? <AllSessions /> : <SessionsOf userId={userId} />)}
    </>
  )
}

function SessionsOf({ userId }: { readonly userId: string }): JSX.Element {
  const { sessions } = useAdminMessages()
  const name = useUserName(userId) ?? userId.slice(0, 6)
  return (
    <>
      <p class="filter">
        <a href={linkTo('sessions')}>{sessions.all}</a>
      </p>
      <h2>
        <a href={linkTo('users', userId)}>{sessions.of(name)}</a>
      </h2>
      <SessionList userId={userId} username={name} />
    </>
  )
}
