/** The page: the story in six steps, in one column. */
import { useEffect, useMemo, useState } from 'preact/hooks'
import type { JSX } from 'preact'
import { LanguageContext } from './language/context.ts'
import type { Messages } from './language/messages.ts'
import { useLanguage } from './language/use-language.ts'
import { serverUrl } from './server-url.ts'
import { createPlayground, type Playground, type View } from './playground.ts'
import { Languages, type LanguagesProps } from './show/languages.tsx'
import { Attach } from './steps/attach.tsx'
import { Change } from './steps/change.tsx'
import { LogIn } from './steps/log-in.tsx'
import { LogOut } from './steps/log-out.tsx'
import { Look } from './steps/look.tsx'
import { Time } from './steps/time.tsx'

export function Page(): JSX.Element {
  const [messages, select] = useLanguage()
  useEffect(() => {
    document.title = messages.page.title
  }, [messages])
  return (
    <LanguageContext.Provider value={messages}>
      <a class="skip" href="#log-in">
        {messages.page.skip}
      </a>
      <Masthead messages={messages} select={select} />
      <main>
        <Story messages={messages} />
      </main>
      <footer>
        <p>
          {messages.page.footer} <a href=".well-known/jwks.json">{messages.page.jwks}</a>
          {', '}
          <a href=".well-known/oauth-authorization-server">{messages.page.metadata}</a>
        </p>
        <p>
          <a href="account">{messages.page.account}</a>
          {', '}
          <a href="debugger">{messages.page.debugger}</a>
          {', '}
          <a href="admin">{messages.page.administration}</a>
        </p>
      </footer>
    </LanguageContext.Provider>
  )
}

function Masthead({ messages, select }: LanguagesProps): JSX.Element {
  const { page } = messages
  return (
    <header>
      <div class="masthead">
        <p class="name">Tessera</p>
        <Languages messages={messages} select={select} />
      </div>
      <h1>{page.lead}</h1>
      <p class="guide">{page.guide}</p>
      <nav aria-label={page.steps}>
        <ol class="contents">
          {stepsOf(messages).map(([id, title]) => (
            <li key={id}>
              <a href={`#${id}`}>{title}</a>
            </li>
          ))}
        </ol>
      </nav>
    </header>
  )
}

function stepsOf(messages: Messages): readonly (readonly [id: string, title: string])[] {
  const { logIn, look, attach, change, time, logOut } = messages
  return [
    ['log-in', logIn.short],
    ['look', look.short],
    ['attach', attach.short],
    ['change', change.short],
    ['time', time.short],
    ['log-out', logOut.short],
  ]
}

function Story({ messages }: { readonly messages: Messages }): JSX.Element {
  const playground = useMemo(openPlayground, [])
  if (playground === null) return <p role="alert">{messages.page.unusable}</p>
  return <Steps playground={playground} />
}

function openPlayground(): Playground | null {
  try {
    return createPlayground(serverUrl)
  } catch {
    return null
  }
}

function Steps({ playground }: { readonly playground: Playground }): JSX.Element {
  const view = useView(playground)
  // Another session begins on a clean page: what was shown of the last one goes.
  const session = view.issued?.sessionId
  return (
    <>
      <LogIn playground={playground} view={view} />
      <Look view={view} />
      <Attach key={session} playground={playground} view={view} />
      <Change key={session} view={view} />
      <Time key={session} playground={playground} view={view} />
      <LogOut key={session} playground={playground} view={view} />
    </>
  )
}

function useView(playground: Playground): View {
  const [view, setView] = useState(playground.view)
  useEffect(() => playground.subscribe(() => setView(playground.view())), [playground])
  return view
}
