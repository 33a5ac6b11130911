/** Where somebody is signed in, and ways to end that. */
import type { JSX } from 'preact'
import type { SessionOfUser, UserSession } from '../api.ts'
import { useAdmin } from '../context.ts'
import { useAdminMessages } from '../language/use-admin-messages.ts'
import { linkTo } from '../route.ts'
import { useList } from '../../show/use-list.ts'
import { RowText } from '../../show/facts.tsx'
import { useShortDate } from '../../show/moment.tsx'
import { Rows } from '../../show/rows.tsx'

export interface SessionListProps {
  readonly userId: string
  readonly username: string
}

export function SessionList({ userId, username }: SessionListProps): JSX.Element {
  const { administrator, api, confirm } = useAdmin()
  const { sessions: words, user: userWords } = useAdminMessages()
  const list = useList(userId, async () => ({ rows: await api.listSessions(userId) }))
  const isOwn = userId === administrator.userId
  const endAll = (): void =>
    confirm({
      words: words.endAll,
      name: username,
      ...(isOwn && { notes: [userWords.own] }),
      act: () => api.endSessions(userId),
      after: list.reload,
    })
  return (
    <>
      <Rows
        list={list}
        label={words.of(username)}
        empty={words.none}
        keyOf={(session) => session.session_id}
        show={(session) => <SessionRow session={session} reload={list.reload} />}
      />
      {list.rows.length > 1 && (
        <p class="actions">
          <button type="button" class="danger" onClick={endAll}>
            {words.endAll.verb}
          </button>
        </p>
      )}
    </>
  )
}

/** Where everybody is signed in, the newest session first. */
export function AllSessions(): JSX.Element {
  const { api } = useAdmin()
  const { sessions: words } = useAdminMessages()
  const list = useList('all', (after) => api.listAllSessions({ ...(after !== undefined && { after }) }))
  return (
    <Rows
      list={list}
      label={words.ofAll}
      empty={words.noneAtAll}
      keyOf={(session) => session.session_id}
      show={(session) => <SessionRow session={session} owner={session} reload={list.reload} />}
    />
  )
}

interface SessionRowProps {
  readonly session: UserSession
  /** Whose it is, where that is not said above. */
  readonly owner?: Pick<SessionOfUser, 'user_id' | 'username'>
  readonly reload: () => Promise<void>
}

function SessionRow({ session, owner, reload }: SessionRowProps): JSX.Element {
  const { administrator, api, confirm } = useAdmin()
  const { sessions: words, user } = useAdminMessages()
  const date = useShortDate()
  const isCurrent = session.session_id === administrator.sessionId
  const name = owner === undefined ? session.label : `${session.label} (${owner.username})`
  const end = (): void =>
    confirm({
      words: words.end,
      name,
      ...(isCurrent && { notes: [user.own] }),
      act: () => api.endSession(session.session_id),
      after: reload,
    })
  return (
    <RowText
      title={
        <>
          {owner !== undefined && <a href={linkTo('users', owner.user_id)}>{owner.username}</a>}
          <span>{session.label}</span>
          {isCurrent && <span class="tag">{words.current}</span>}
        </>
      }
      facts={[
        words.lastUsed(date(session.last_used_at)),
        words.begun(date(session.created_at)),
        words.from(session.address_prefix),
        session.transport === 'cookie' && words.cookie,
      ]}
    >
      <button type="button" aria-label={`${words.end.verb}: ${name}`} onClick={end}>
        {words.end.verb}
      </button>
    </RowText>
  )
}
