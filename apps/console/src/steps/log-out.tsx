import type { JSX } from 'preact'
import { useEffect, useRef, useState } from 'preact/hooks'
import { callWithToken } from '../call-api.ts'
import { useMessages } from '../language/context.ts'
import type { Playground, View } from '../playground.ts'
import { ExchangeView, useExchange } from '../show/exchange.tsx'
import { LogInFirst, Step } from '../show/step.tsx'

export interface LogOutProps {
  readonly playground: Playground
  readonly view: View
}

export function LogOut({ playground, view }: LogOutProps): JSX.Element {
  const { logOut, codes } = useMessages()
  const [exchange, run] = useExchange()
  const [isRevoked, setRevoked] = useState(true)
  const callButton = useRef<HTMLButtonElement>(null)
  const { session, issued } = view

  // The client is signed out at once, the token not before the server has answered: called before that, it is still good.
  const [isLeaving, setLeaving] = useState(false)
  const isOver = session.status === 'signed-out' && !isLeaving
  const leaves = useRef(false)

  async function leave(): Promise<void> {
    leaves.current = true
    setLeaving(true)
    try {
      const { revoked } = await playground.client.logout()
      setRevoked(revoked)
    } finally {
      setLeaving(false)
    }
  }

  // The button that was pressed is gone: the focus goes to the one in its place.
  useEffect(() => {
    if (!isOver) return
    if (leaves.current) callButton.current?.focus()
    leaves.current = false
  }, [isOver])

  const endedBy = session.status === 'signed-out' ? session.code : undefined
  const reason = endedBy !== undefined ? codes[endedBy].what : isRevoked ? logOut.done : logOut.notRevoked

  if (issued === null) {
    return (
      <Step id="log-out" number={6} title={logOut.title} lead={logOut.lead}>
        <LogInFirst />
      </Step>
    )
  }
  return (
    <Step id="log-out" number={6} title={logOut.title} lead={logOut.lead}>
      <p role="status" class="note">
        {isOver && reason}
      </p>
      <p class="actions">
        {!isOver && (
          <button type="button" class="main" disabled={isLeaving} onClick={() => void leave()}>
            {logOut.logOut}
          </button>
        )}
        {isOver && (
          <button
            type="button"
            class="main"
            ref={callButton}
            onClick={() => void run(() => callWithToken(issued.accessToken))}
          >
            {logOut.callOld}
          </button>
        )}
      </p>
      {isOver && <ExchangeView exchange={exchange} />}
    </Step>
  )
}
