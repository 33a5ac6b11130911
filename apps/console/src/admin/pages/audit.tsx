/** The audit trail, of all or of what concerns one account. */
import type { ComponentChildren, JSX } from 'preact'
import type { AuditEvent } from '../api.ts'
import { useAdmin } from '../context.ts'
import { useAdminMessages } from '../language/use-admin-messages.ts'
import { linkTo } from '../route.ts'
import { ChooseUser } from '../show/choose-user.tsx'
import { RowText } from '../../show/facts.tsx'
import { Heading } from '../../show/heading.tsx'
import { Moment } from '../../show/moment.tsx'
import { NameForm } from '../show/name-form.tsx'
import { Rows } from '../../show/rows.tsx'
import { UserName, useUserName } from '../show/user-name.tsx'
import { useList } from '../../show/use-list.ts'

export interface AuditProps {
  /** A part of a user name, where somebody is looked for. */
  readonly search: string
  /** Whom it shall concern; everybody where it is empty. */
  readonly userId: string
}

export function Audit({ search, userId }: AuditProps): JSX.Element {
  const { sections, audit } = useAdminMessages()
  return (
    <>
      <Heading title={sections.audit} lead={audit.lead} />
      <NameForm
        label={audit.whose}
        verb={audit.show}
        value={search}
        onAsk={(text) => (location.hash = linkTo('audit', undefined, { search: text }))}
      />
      {userId !== '' && search === '' && <Filter userId={userId} />}
      {search === '' ? <Events userId={userId} /> : <ChooseUser section="audit" search={search} />}
    </>
  )
}

function Filter({ userId }: { readonly userId: string }): JSX.Element {
  const { audit } = useAdminMessages()
  const name = useUserName(userId) ?? audit.gone(userId.slice(0, 6))
  return (
    <p class="filter">
      <strong>{audit.of(name)}</strong> <a href={linkTo('audit')}>{audit.all}</a>
    </p>
  )
}

function Events({ userId }: { readonly userId: string }): JSX.Element {
  const { api } = useAdmin()
  const { sections, audit } = useAdminMessages()
  const list = useList(userId, (after) =>
    api.listAudit({ ...(userId !== '' && { userId }), ...(after !== undefined && { after }) }),
  )
  return (
    <Rows
      list={list}
      label={sections.audit}
      empty={audit.none}
      keyOf={(event) => event.id}
      show={(event) => <EventRow event={event} />}
    />
  )
}

function EventRow({ event }: { readonly event: AuditEvent }): JSX.Element {
  const { audit } = useAdminMessages()
  const { user_id: userId, session_id: sessionId, address_prefix: prefix } = event
  const { action, ...detail } = event.detail
  const verb = typeof action === 'string' ? (audit.actions[action] ?? action) : undefined
  const facts: ComponentChildren[] = [
    <Moment date={event.at} />,
    prefix !== null && prefix !== '' && audit.from(prefix),
    sessionId !== null && (
      <>
        {audit.session} <code>{sessionId.slice(0, 6)}</code>
      </>
    ),
    ...Object.entries(detail).map(([name, value]) => <Detail name={name} value={value} action={action} />),
  ]
  return (
    <RowText
      title={
        <>
          <span>{audit.events[event.event] ?? <code>{event.event}</code>}</span>
          {userId !== null && <UserName id={userId} />}
          {verb !== undefined && <span>{verb}</span>}
        </>
      }
      facts={facts}
    />
  )
}

interface DetailProps {
  readonly name: string
  readonly value: unknown
  readonly action: unknown
}

/** What an event says beside; an account that an administrator acted on goes by its name. */
function Detail({ name, value, action }: DetailProps): JSX.Element {
  if (
    name === 'id' &&
    typeof value === 'string' &&
    typeof action === 'string' &&
    action.startsWith('user.')
  ) {
    return <UserName id={value} />
  }
  return (
    <code>
      {name}: {typeof value === 'string' ? value : JSON.stringify(value)}
    </code>
  )
}
