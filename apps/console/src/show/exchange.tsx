import type { ComponentChildren, JSX } from 'preact'
import { useRef, useState } from 'preact/hooks'
import type { ApiCall } from '../call-api.ts'
import { useMessages } from '../language/context.ts'
import type { Messages } from '../language/messages.ts'
import { Journey } from './journey.tsx'
import { ShortToken } from './token-text.tsx'

export interface Exchange {
  /** Counts the calls, so that each is shown as a new one. */
  readonly number: number
  readonly call: ApiCall | null
}

/** The last call of a step, and a way to make the next one. A second call waits for nobody: the last one counts. */
export function useExchange(): readonly [Exchange, (make: () => Promise<ApiCall>) => Promise<void>] {
  const [exchange, setExchange] = useState<Exchange>({ number: 0, call: null })
  const latest = useRef(0)
  const run = async (make: () => Promise<ApiCall>): Promise<void> => {
    const number = ++latest.current
    const call = await make()
    if (number === latest.current) setExchange({ number, call })
  }
  return [exchange, run]
}

/** What went to the API, what came back, and what that means. */
export function ExchangeView({ exchange }: { readonly exchange: Exchange }): JSX.Element {
  const messages = useMessages()
  const { number, call } = exchange
  return (
    <div class="exchange">
      {call !== null && (
        <>
          <Journey
            key={number}
            hasToken={call.token !== null}
            reply={call.status === 0 ? 'none' : isGood(call) ? 'good' : 'bad'}
            to={messages.parties.api}
          />
          <Message title={messages.exchange.request}>
            GET /me{'\n'}
            {call.token !== null && (
              <>
                Authorization: Bearer{' '}
                <ShortToken token={call.token} {...(call.changed && { changed: call.changed })} />
              </>
            )}
          </Message>
          {call.status !== 0 && (
            <Message title={messages.exchange.answer}>
              <strong class={isGood(call) ? 'good' : 'bad'}>{statusLine(call.status)}</strong>
              {call.challenge !== null && `\nWWW-Authenticate: ${call.challenge}`}
              {`\n\n${call.body}`}
            </Message>
          )}
        </>
      )}
      <p role="status" class="verdict">
        {call !== null && <Verdict call={call} messages={messages} />}
      </p>
    </div>
  )
}

function isGood(call: ApiCall): boolean {
  return call.status >= 200 && call.status < 300
}

function Message({
  title,
  children,
}: {
  readonly title: string
  readonly children: ComponentChildren
}): JSX.Element {
  return (
    <figure class="message">
      <figcaption>{title}</figcaption>
      <pre>{children}</pre>
    </figure>
  )
}

function Verdict({ call, messages }: { readonly call: ApiCall; readonly messages: Messages }): JSX.Element {
  const { exchange, codes } = messages
  if (isGood(call)) {
    return (
      <>
        <strong class="good">{call.status}</strong> {call.renewed && `${exchange.renewedOnTheWay} `}
        {exchange.accepted}
      </>
    )
  }
  const words = call.code !== null && Object.hasOwn(codes, call.code) ? codes[call.code] : undefined
  return (
    <>
      <strong class="bad">{call.code ?? call.status}</strong>{' '}
      {words === undefined ? exchange.otherStatus : `${words.what} ${words.next}`}
    </>
  )
}

/** HTTP/2 sends no reason phrases; these are the registered ones (RFC 9110 §15). */
const reasons: Readonly<Record<number, string>> = {
  200: 'OK',
  400: 'Bad Request',
  401: 'Unauthorized',
  403: 'Forbidden',
  404: 'Not Found',
  413: 'Content Too Large',
  429: 'Too Many Requests',
  500: 'Internal Server Error',
  503: 'Service Unavailable',
}

function statusLine(status: number): string {
  return `${status} ${reasons[status] ?? ''}`.trim()
}
