import type { JSX } from 'preact'
import { describeDuration } from '../explain/times.ts'
import { useMessages } from '../language/context.ts'
import type { IssuedTokens } from '../playground.ts'
import { sightRefreshToken } from '../token/refresh-token.ts'

export interface RenewedPair {
  readonly before: IssuedTokens
  readonly after: IssuedTokens
}

/** The old and the new refresh token beside each other, without what makes them valid. */
export function Renewal({ pair }: { readonly pair: RenewedPair | null }): JSX.Element {
  const messages = useMessages()
  const { time } = messages
  return (
    <div class="renewal">
      {pair !== null && (
        <>
          <h3>{time.renewedTitle}</h3>
          <dl class="pair">
            <RefreshTokenLine title={time.before} refreshToken={pair.before.refreshToken} />
            <RefreshTokenLine title={time.after} refreshToken={pair.after.refreshToken} />
          </dl>
          <p class="hint">{time.macHidden}</p>
        </>
      )}
      <p role="status">{pair !== null && time.renewed(describeDuration(pair.after.lifeSeconds, messages))}</p>
    </div>
  )
}

interface LineProps {
  readonly title: string
  readonly refreshToken: string
}

function RefreshTokenLine({ title, refreshToken }: LineProps): JSX.Element {
  const { time } = useMessages()
  const sight = sightRefreshToken(refreshToken)
  return (
    <>
      <dt>{title}</dt>
      <dd>
        <code>{sight?.prefix ?? ''}.•••</code>
        {sight !== null && <span class="hint"> {time.generation(sight.generation)}</span>}
      </dd>
    </>
  )
}
