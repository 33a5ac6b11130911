import type { JSX } from 'preact'
import { describeDuration } from '../explain/times.ts'
import { useMessages } from '../language/context.ts'
import type { IssuedTokens } from '../playground.ts'

export interface LifeProps {
  readonly issued: IssuedTokens
  readonly leftSeconds: number
}

/** What is left of the access token's life; shaded where the client renews it. */
export function Life({ issued, leftSeconds }: LifeProps): JSX.Element {
  const messages = useMessages()
  const { time } = messages
  const left = leftSeconds > 0 ? time.left(describeDuration(Math.ceil(leftSeconds), messages)) : time.over
  return (
    <div class="life">
      <p class="life-text">
        <span id="life-label">{time.life}</span> <strong>{left}</strong>
      </p>
      <div class="life-bar">
        <progress
          aria-labelledby="life-label"
          aria-valuetext={left}
          max={issued.lifeSeconds}
          value={Math.max(0, leftSeconds)}
        />
      </div>
    </div>
  )
}
