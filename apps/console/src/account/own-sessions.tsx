/** The list of a person's sessions, and the dialogs over it. */
import type { JSX } from 'preact'
import { useState } from 'preact/hooks'
import { Confirm, type Ending } from '../show/confirm.tsx'
import { RowText } from '../show/facts.tsx'
import { focusHeading, Heading } from '../show/heading.tsx'
import { useShortDate } from '../show/moment.tsx'
import { Rows } from '../show/rows.tsx'
import { useList } from '../show/use-list.ts'
import type { Account, OwnSession } from './account.ts'
import { ChangePassword } from './change-password.tsx'
import { useAccountMessages } from './language/use-account-messages.ts'
import type { Leaving } from './sign-in.tsx'

export interface OwnSessionsProps {
  readonly account: Account
  readonly username: string
  /** Called before the session of this page is ended from here. */
  readonly onLeave: (how: Leaving) => void
}

export function OwnSessions({ account, username, onLeave }: OwnSessionsProps): JSX.Element {
  const words = useAccountMessages()
  const list = useList('own', async () => ({ rows: await account.list() }))
  const detailsOf = useDetails()
  const [notice, setNotice] = useState('')
  const [ending, setEnding] = useState<Ending | null>(null)
  const ask = (next: Ending): void => {
    setNotice('')
    setEnding(next)
  }

  /** The way in tells it, when the session of this page is over. */
  const leave = (how: Leaving, act: () => Promise<void>): Promise<void> => {
    onLeave(how)
    return act()
  }
  const askToEnd = (session: OwnSession): void => {
    const ending = { name: session.label, notes: [detailsOf(session)] }
    const act = () => account.end(session)
    if (!session.current) ask({ ...ending, words: words.end, act })
    else ask({ ...ending, words: words.endThis, act: () => leave('signedOut', act) })
  }
  const askToEndOthers = (): void => ask({ words: words.endOthers, name: username, act: account.endOthers })
  const askToEndAll = (): void =>
    ask({ words: words.endAll, name: username, act: () => leave('signedOutEverywhere', account.endAll) })

  async function tellChanged(): Promise<void> {
    setNotice(words.password.changed)
    focusHeading()
    await list.reload()
  }

  async function close(isDone: boolean): Promise<void> {
    setEnding(null)
    if (ending === null || !isDone) return
    setNotice(ending.words.done(ending.name))
    await list.reload()
    // What had the focus may be gone with what was ended.
    requestAnimationFrame(() => {
      if (document.activeElement === null || document.activeElement === document.body) focusHeading()
    })
  }

  return (
    <>
      <div class="sections">
        <p class="who">
          {words.signedIn(username)}
          <button
            type="button"
            class="quiet"
            onClick={() => {
              onLeave('signedOut')
              account.signOut()
            }}
          >
            {words.signOut}
          </button>
        </p>
      </div>
      <main>
        <p role="status" class="notice">
          {notice}
        </p>
        <Heading title={words.heading} lead={words.lead} />
        <Rows
          list={list}
          label={words.list}
          empty={words.none}
          keyOf={(session) => session.session_id}
          show={(session) => (
            <OwnSessionRow session={session} details={detailsOf(session)} onEnd={() => askToEnd(session)} />
          )}
        />
        {list.rows.length > 1 && (
          <>
            <p class="hint">{words.unknown}</p>
            <p class="actions">
              <button type="button" class="danger" onClick={askToEndOthers}>
                {words.endOthers.verb}
              </button>
              <button type="button" class="danger" onClick={askToEndAll}>
                {words.endAll.verb}
              </button>
            </p>
          </>
        )}
        <ChangePassword account={account} username={username} onChanged={() => void tellChanged()} />
      </main>
      {ending !== null && <Confirm ending={ending} close={(isDone) => void close(isDone)} />}
    </>
  )
}

/** What tells two sessions on devices of one kind apart. */
function useDetails(): (session: OwnSession) => string {
  const words = useAccountMessages()
  const date = useShortDate()
  return ({ last_used_at: lastUsed, address_prefix: prefix }) => words.which(date(lastUsed), prefix)
}

interface OwnSessionRowProps {
  readonly session: OwnSession
  readonly details: string
  readonly onEnd: () => void
}

function OwnSessionRow({ session, details, onEnd }: OwnSessionRowProps): JSX.Element {
  const words = useAccountMessages()
  const date = useShortDate()
  const { verb } = session.current ? words.endThis : words.end
  return (
    <RowText
      title={
        <>
          {session.label}
          {session.current && <span class="tag tag-active">{words.current}</span>}
        </>
      }
      facts={[
        words.lastUsed(date(session.last_used_at)),
        words.begun(date(session.created_at)),
        words.from(session.address_prefix),
      ]}
    >
      <button type="button" aria-label={`${verb}: ${session.label}. ${details}`} onClick={onEnd}>
        {verb}
      </button>
    </RowText>
  )
}
