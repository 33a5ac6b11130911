import type { JSX } from 'preact'
import { callThroughClient, callWithToken } from '../call-api.ts'
import { useMessages } from '../language/context.ts'
import type { Playground, View } from '../playground.ts'
import { ExchangeView, useExchange } from '../show/exchange.tsx'
import { LogInFirst, Step } from '../show/step.tsx'

export interface AttachProps {
  readonly playground: Playground
  readonly view: View
}

export function Attach({ playground, view }: AttachProps): JSX.Element {
  const { attach } = useMessages()
  const [exchange, run] = useExchange()
  const { session, issued } = view
  const callWith = (): Promise<void> =>
    run(() =>
      session.status === 'signed-in'
        ? callThroughClient(playground)
        : callWithToken(issued?.accessToken ?? null),
    )
  return (
    <Step id="attach" number={3} title={attach.title} lead={attach.lead}>
      {issued === null && <LogInFirst />}
      <p class="actions">
        {issued !== null && (
          <button type="button" class="main" onClick={() => void callWith()}>
            {attach.with}
          </button>
        )}
        <button type="button" onClick={() => void run(() => callWithToken(null))}>
          {attach.without}
        </button>
      </p>
      <ExchangeView exchange={exchange} />
    </Step>
  )
}
