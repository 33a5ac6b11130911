/** Behind the door: the sections, what was done last, and the dialogs over them. */
import type { JSX } from 'preact'
import { useEffect, useMemo, useRef, useState } from 'preact/hooks'
import { createAdminApi } from './api.ts'
import { AdminContext, type AdminTools } from './context.ts'
import { useAdminMessages } from './language/use-admin-messages.ts'
import { PasswordAgain } from './password-again.tsx'
import { Audit } from './pages/audit.tsx'
import { Clients } from './pages/clients.tsx'
import { Keys } from './pages/keys.tsx'
import { NewClient } from './pages/new-client.tsx'
import { NewUser } from './pages/new-user.tsx'
import { Sessions } from './pages/sessions.tsx'
import { UserPage } from './pages/user.tsx'
import { Users } from './pages/users.tsx'
import { linkTo, parseRoute, sections, type Route } from './route.ts'
import type { AdminSession, AdminState } from './session.ts'
import { Confirm, type Ending } from '../show/confirm.tsx'
import { focusHeading } from '../show/heading.tsx'
import { createUserNames } from './user-names.ts'

export interface DeskProps {
  readonly session: AdminSession
  readonly state: AdminState & { readonly status: 'signed-in' | 'asking' }
}

export function Desk({ session, state }: DeskProps): JSX.Element {
  const { page } = useAdminMessages()
  const route = useRoute()
  const notice = useNotice(route)
  const [ending, setEnding] = useState<Ending | null>(null)
  const api = useMemo(() => createAdminApi(session), [session])
  const { username, userId, sessionId } = state
  const tools: AdminTools = useMemo(
    () => ({
      administrator: { username, userId, sessionId },
      api,
      names: createUserNames(api),
      confirm: setEnding,
      announce: notice.announce,
    }),
    [username, userId, sessionId, api],
  )

  async function close(isDone: boolean): Promise<void> {
    setEnding(null)
    if (ending === null || !isDone) return
    notice.announce(ending.words.done(ending.name))
    if (ending.leadsTo !== undefined) {
      notice.carry()
      location.hash = ending.leadsTo
    }
    await ending.after?.()
    // What had the focus may be gone with what was ended.
    requestAnimationFrame(() => {
      if (document.activeElement === null || document.activeElement === document.body) focusHeading()
    })
  }

  return (
    <AdminContext.Provider value={tools}>
      <Sections route={route} username={username} onSignOut={session.signOut} />
      <main>
        <p role="status" class="notice">
          {notice.text}
        </p>
        <Section key={`${route.section}/${route.item ?? ''}`} route={route} />
      </main>
      {ending !== null && <Confirm ending={ending} close={(isDone) => void close(isDone)} />}
      {state.status === 'asking' && <PasswordAgain session={session} state={state} />}
      <PageTitle name={page.title} route={route} />
    </AdminContext.Provider>
  )
}

interface SectionsProps {
  readonly route: Route
  readonly username: string
  readonly onSignOut: () => void
}

function Sections({ route, username, onSignOut }: SectionsProps): JSX.Element {
  const { page, sections: names } = useAdminMessages()
  return (
    <div class="sections">
      <nav aria-label={page.sections}>
        <ul>
          {sections.map((section) => (
            <li key={section}>
              <a href={linkTo(section)} {...(section === route.section && { 'aria-current': 'page' })}>
                {names[section]}
              </a>
            </li>
          ))}
        </ul>
      </nav>
      <p class="who">
        {page.signedIn(username)}
        <button type="button" class="quiet" onClick={onSignOut}>
          {page.signOut}
        </button>
      </p>
    </div>
  )
}

function Section({ route }: { readonly route: Route }): JSX.Element {
  const { section, item, query } = route
  switch (section) {
    case 'users':
      if (item === 'new') return <NewUser />
      return item === undefined ? <Users search={query['search'] ?? ''} /> : <UserPage id={item} />
    case 'sessions':
      return <Sessions search={query['search'] ?? ''} userId={query['id'] ?? ''} />
    case 'clients':
      return item === 'new' ? <NewClient /> : <Clients />
    case 'keys':
      return <Keys />
    case 'audit':
      return <Audit search={query['search'] ?? ''} userId={query['id'] ?? ''} />
  }
}

function PageTitle({ name, route }: { readonly name: string; readonly route: Route }): null {
  const { sections: names } = useAdminMessages()
  const title = `${names[route.section]} – ${name}`
  useEffect(() => {
    document.title = title
  }, [title])
  return null
}

function useRoute(): Route {
  const [route, setRoute] = useState(() => parseRoute(location.hash))
  useEffect(() => {
    const follow = (): void => setRoute(parseRoute(location.hash))
    addEventListener('hashchange', follow)
    return () => removeEventListener('hashchange', follow)
  }, [])
  return route
}

interface Notice {
  readonly text: string
  announce(text: string): void
  /** Keeps it over the next change of page. */
  carry(): void
}

/** What was done last. It is gone when another page is opened, unless the deed itself opened it. */
function useNotice(route: Route): Notice {
  const [text, announce] = useState('')
  const isCarried = useRef(false)
  useEffect(() => {
    if (!isCarried.current) announce('')
    isCarried.current = false
  }, [route])
  return { text, announce, carry: () => (isCarried.current = true) }
}
