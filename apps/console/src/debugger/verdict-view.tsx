import type { JSX } from 'preact'
import { useEffect, useState } from 'preact/hooks'
import { useMessages } from '../language/context.ts'
import { judge, nextDateMs, type Expectation, type Verdict } from './judge.ts'
import { useDebuggerMessages } from './language/use-debugger-messages.ts'

export interface VerdictViewProps {
  readonly token: string
  /** `null` while the server has not told its keys. */
  readonly expected: Expectation | null
  readonly hasServer: boolean
}

/** What the engine says of the token. It is judged again at each change, and when one of its dates has come. */
export function VerdictView({ token, expected, hasServer }: VerdictViewProps): JSX.Element {
  const words = useDebuggerMessages()
  const verdict = useVerdict(token, expected)
  return (
    <div role="status" class="verdict">
      {token === '' && <p class="note">{words.nothing}</p>}
      {token !== '' && expected === null && !hasServer && <p class="bad">{words.serverAway}</p>}
      {token !== '' && verdict !== null && <Told verdict={verdict} />}
    </div>
  )
}

function useVerdict(token: string, expected: Expectation | null): Verdict | null {
  const [verdict, setVerdict] = useState<Verdict | null>(null)
  useEffect(() => {
    if (token === '' || expected === null) return setVerdict(null)
    let isOpen = true
    let timer: ReturnType<typeof setTimeout> | undefined
    const look = (): void => {
      void judge(token, expected).then((found) => {
        if (!isOpen) return
        setVerdict(found)
        // A token begins or expires while one looks at it.
        const waitMs = nextDateMs(token)
        if (waitMs !== undefined) timer = setTimeout(look, waitMs)
      })
    }
    look()
    return () => {
      isOpen = false
      clearTimeout(timer)
    }
  }, [token, expected])
  return verdict
}

function Told({ verdict }: { readonly verdict: Verdict }): JSX.Element {
  const words = useDebuggerMessages()
  const { codes } = useMessages()
  if (verdict.kind === 'good') {
    return (
      <p>
        <strong class="good">ok</strong> {words.good}
      </p>
    )
  }
  const { code, message } = verdict
  const belief =
    verdict.kind === 'no_key' ? words.noKey : verdict.isAuthentic ? words.authentic : words.unauthentic
  return (
    <>
      <p>
        <strong class="bad">{code}</strong> {words.codes[code] ?? codes[code].what}
      </p>
      <p>{belief}</p>
      <p class="hint">
        {words.engineSays} <q lang="en">{message}</q>
      </p>
    </>
  )
}
