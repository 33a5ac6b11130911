import type { JSX } from 'preact'
import { useEffect, useState } from 'preact/hooks'
import { callThroughClient, callWithToken } from '../call-api.ts'
import { describeDuration } from '../explain/times.ts'
import { useMessages } from '../language/context.ts'
import type { IssuedTokens, Playground, View } from '../playground.ts'
import { ExchangeView, useExchange } from '../show/exchange.tsx'
import { Fault } from '../show/fault.tsx'
import { Life } from '../show/life.tsx'
import { Prose } from '../show/prose.tsx'
import { Renewal, type RenewedPair } from '../show/renewal.tsx'
import { LogInFirst, Step } from '../show/step.tsx'
import { useNowMs } from '../show/use-now.ts'

export interface TimeProps {
  readonly playground: Playground
  readonly view: View
}

export function Time({ playground, view }: TimeProps): JSX.Element {
  const { time } = useMessages()
  return (
    <Step id="time" number={5} title={time.title} lead={time.lead}>
      {view.issued === null ? (
        <LogInFirst />
      ) : (
        <Passing playground={playground} issued={view.issued} isLive={view.session.status === 'signed-in'} />
      )}
    </Step>
  )
}

interface PassingProps {
  readonly playground: Playground
  readonly issued: IssuedTokens
  readonly isLive: boolean
}

function Passing({ playground, issued, isLive }: PassingProps): JSX.Element {
  const messages = useMessages()
  const { time } = messages
  const [exchange, run] = useExchange()
  const [renewed, setRenewed] = useState<RenewedPair | null>(null)
  const [error, setError] = useState<unknown>(null)
  const [waitsFor, setWaitsFor] = useState<IssuedTokens | null>(null)
  const leftSeconds = useSecondsLeft(issued)
  const isOver = leftSeconds <= 0
  const isWaiting = waitsFor === issued && !isOver

  /** Does something that may renew the tokens, and keeps both pairs to show them. */
  async function watch(action: () => Promise<unknown>): Promise<void> {
    setError(null)
    const before = playground.view().issued
    await action().catch(setError)
    const after = playground.view().issued
    if (before !== null && after !== null && before !== after) setRenewed({ before, after })
  }

  useEffect(() => {
    if (!isOver || waitsFor !== issued) return
    setWaitsFor(null)
    void run(() => callWithToken(issued.accessToken))
  }, [isOver, waitsFor, issued])

  return (
    <>
      <Life issued={issued} leftSeconds={leftSeconds} />
      <p class="actions">
        <button
          type="button"
          class="main"
          onClick={() => void watch(() => run(() => callThroughClient(playground)))}
        >
          {time.callThrough}
        </button>
        <button type="button" onClick={() => void run(() => callWithToken(issued.accessToken))}>
          {time.callAsIs}
        </button>
        {isLive && (
          <button type="button" onClick={() => void watch(() => playground.client.refresh())}>
            {time.refreshNow}
          </button>
        )}
        {!isOver && (
          <button type="button" class="quiet" onClick={() => setWaitsFor(isWaiting ? null : issued)}>
            {isWaiting ? time.stopWaiting : time.wait}
          </button>
        )}
      </p>
      {isWaiting && <p class="note">{time.waiting(describeDuration(Math.ceil(leftSeconds), messages))}</p>}
      {issued.lifeSeconds > 60 && !isOver && (
        <p class="hint">
          <Prose text={time.shorter} />
        </p>
      )}
      {error !== null && <Fault error={error} />}
      <Renewal pair={renewed} />
      <ExchangeView exchange={exchange} />
    </>
  )
}

/** How long the token is still good: its life as the server told, less what has passed since. */
function useSecondsLeft({ lifeSeconds, receivedMs }: IssuedTokens): number {
  return lifeSeconds - (useNowMs() - receivedMs) / 1000
}
