/** The debugger: a token, what it is held against, and the verdict with its reason. */
import { decodeUnverified } from '@tessera/jose/unverified'
import type { JSX } from 'preact'
import { useEffect, useMemo, useState } from 'preact/hooks'
import { LanguageContext, useMessages } from '../language/context.ts'
import { useLanguage } from '../language/use-language.ts'
import { Languages } from '../show/languages.tsx'
import { MemberList } from '../show/member-list.tsx'
import { PageFrame } from '../show/page-frame.tsx'
import { Prose } from '../show/prose.tsx'
import { TokenEditor } from '../show/token-editor.tsx'
import { Expected } from './expected.tsx'
import { cleanToken, type Expectation } from './judge.ts'
import { useDebuggerMessages } from './language/use-debugger-messages.ts'
import { useServer } from './use-server.ts'
import { VerdictView } from './verdict-view.tsx'

export function DebuggerPage(): JSX.Element {
  const [messages, select] = useLanguage()
  return (
    <LanguageContext.Provider value={messages}>
      <Debugger languages={<Languages messages={messages} select={select} />} />
    </LanguageContext.Provider>
  )
}

const nothingChanged: ReadonlySet<number> = new Set()

function Debugger({ languages }: { readonly languages: JSX.Element }): JSX.Element {
  const words = useDebuggerMessages()
  const { page } = useMessages()
  const server = useServer()
  const [token, setToken] = useState('')
  const [expected, setExpected] = useState<Expectation | null>(null)
  useEffect(() => {
    document.title = words.title
  }, [words])
  return (
    <PageFrame
      words={{ name: words.name, skip: words.token, story: page.title }}
      languages={languages}
      skipTo="token"
    >
      <main>
        <h1>{words.name}</h1>
        <p class="lead">{words.lead}</p>
        <TokenEditor
          id="token"
          label={words.token}
          token={token}
          changed={nothingChanged}
          onEdit={(text) => setToken(cleanToken(text))}
        />
        <p class="beside">
          <span class="hint">
            <Prose text={words.tokenHint} />
          </span>{' '}
          {token !== '' && (
            <button type="button" class="quiet" onClick={() => setToken('')}>
              {words.clear}
            </button>
          )}
        </p>
        <h2>{words.verdict}</h2>
        <VerdictView token={token} expected={expected} hasServer={server !== 'away'} />
        <h2>{words.expected}</h2>
        <Expected server={server} onChange={setExpected} />
        <Inside token={token} />
      </main>
    </PageFrame>
  )
}

/** Header and claims of a token that can be read, in words. */
function Inside({ token }: { readonly token: string }): JSX.Element | null {
  const { look } = useMessages()
  const words = useDebuggerMessages()
  const decoded = useMemo(() => {
    try {
      return decodeUnverified(token).unverified
    } catch {
      return null
    }
  }, [token])
  if (token === '') return null
  if (decoded === null) {
    return (
      <>
        <h2>{look.title}</h2>
        <p class="note">{token.split('.').length === 5 ? words.encrypted : words.unreadable}</p>
      </>
    )
  }
  const nowSeconds = Date.now() / 1000
  return (
    <>
      <h2>{look.title}</h2>
      <h3 class="part-header">{look.header}</h3>
      <MemberList part="header" members={decoded.header} nowSeconds={nowSeconds} />
      <h3 class="part-claims">{look.claims}</h3>
      <MemberList part="claims" members={decoded.claims} nowSeconds={nowSeconds} />
    </>
  )
}
