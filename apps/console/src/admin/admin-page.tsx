/** The administration: a door, and behind it five sections. */
import type { ComponentChildren, JSX } from 'preact'
import { useEffect, useMemo, useState } from 'preact/hooks'
import { CodesContext, LanguageContext } from '../language/context.ts'
import { useLanguage } from '../language/use-language.ts'
import { serverUrl } from '../server-url.ts'
import { Languages } from '../show/languages.tsx'
import { PageFrame } from '../show/page-frame.tsx'
import { Desk } from './desk.tsx'
import { useAdminMessages } from './language/use-admin-messages.ts'
import { createAdminSession, type AdminSession, type AdminState } from './session.ts'
import { SignIn } from './sign-in.tsx'

export function AdminPage(): JSX.Element {
  const [messages, select] = useLanguage()
  const session = useMemo(openSession, [])
  return (
    <LanguageContext.Provider value={messages}>
      <Frame languages={<Languages messages={messages} select={select} />}>
        {session === null ? <Unusable /> : <Inside session={session} />}
      </Frame>
    </LanguageContext.Provider>
  )
}

/** None where a password would travel in the open. Who leaves the page is signed out. */
function openSession(): AdminSession | null {
  if (!isSecureContext) return null
  const session = createAdminSession({ server: serverUrl })
  addEventListener('pagehide', () => session.signOut())
  return session
}

interface FrameProps {
  readonly languages: ComponentChildren
  readonly children: ComponentChildren
}

function Frame({ languages, children }: FrameProps): JSX.Element {
  const { page, codes } = useAdminMessages()
  return (
    <CodesContext.Provider value={codes}>
      <PageFrame words={page} languages={languages}>
        {children}
      </PageFrame>
    </CodesContext.Provider>
  )
}

function Unusable(): JSX.Element {
  const { page } = useAdminMessages()
  return (
    <main>
      <p role="alert">{page.unusable}</p>
    </main>
  )
}

function Inside({ session }: { readonly session: AdminSession }): JSX.Element {
  const { page } = useAdminMessages()
  const state = useSessionState(session)
  const isOut = state.status === 'signed-out'
  useEffect(() => {
    if (isOut) document.title = page.title
  }, [isOut, page])
  if (state.status === 'signed-out') return <SignIn session={session} />
  // Somebody else begins with nothing of what was in sight before.
  return <Desk key={state.userId} session={session} state={state} />
}

function useSessionState(session: AdminSession): AdminState {
  const [state, setState] = useState(session.state)
  useEffect(() => session.subscribe(() => setState(session.state())), [session])
  return state
}
