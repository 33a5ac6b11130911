/** A person's own page: where he is signed in, and ways to end that. */
import type { ComponentChildren, JSX } from 'preact'
import { useEffect, useMemo, useState } from 'preact/hooks'
import { LanguageContext } from '../language/context.ts'
import { useLanguage } from '../language/use-language.ts'
import { serverUrl } from '../server-url.ts'
import { Languages } from '../show/languages.tsx'
import { PageFrame } from '../show/page-frame.tsx'
import { createAccount, type Account } from './account.ts'
import { useAccountMessages } from './language/use-account-messages.ts'
import { OwnSessions } from './own-sessions.tsx'
import { SignIn, type Leaving } from './sign-in.tsx'

export function AccountPage(): JSX.Element {
  const [messages, select] = useLanguage()
  const account = useMemo(openAccount, [])
  return (
    <LanguageContext.Provider value={messages}>
      <Frame languages={<Languages messages={messages} select={select} />}>
        {account === null ? <Unusable /> : <Inside account={account} />}
      </Frame>
    </LanguageContext.Provider>
  )
}

/** None where a password would travel in the open. Who leaves the page is signed out. */
function openAccount(): Account | null {
  if (!isSecureContext) return null
  const account = createAccount(serverUrl)
  addEventListener('pagehide', () => account.signOut())
  return account
}

interface FrameProps {
  readonly languages: ComponentChildren
  readonly children: ComponentChildren
}

function Frame({ languages, children }: FrameProps): JSX.Element {
  const words = useAccountMessages()
  useEffect(() => {
    document.title = words.title
  }, [words])
  return (
    <PageFrame words={words} languages={languages}>
      {children}
    </PageFrame>
  )
}

function Unusable(): JSX.Element {
  const { unusable } = useAccountMessages()
  return (
    <main>
      <p role="alert">{unusable}</p>
    </main>
  )
}

function Inside({ account }: { readonly account: Account }): JSX.Element {
  const [state, setState] = useState(account.session.state)
  const [username, setUsername] = useState('')
  /** How the last session of this page ended: from here, or else from elsewhere. */
  const [leaving, setLeaving] = useState<Leaving>(null)
  useEffect(() => account.session.subscribe(setState), [account])

  async function enter(name: string, password: string): Promise<void> {
    setUsername(name)
    await account.signIn(name, password)
    setLeaving(null)
  }

  if (state.status === 'signed-in') {
    return <OwnSessions account={account} username={username} onLeave={setLeaving} />
  }
  return <SignIn signIn={enter} leaving={state.code === undefined ? leaving : 'ended'} />
}
