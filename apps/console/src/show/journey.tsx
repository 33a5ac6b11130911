import type { JSX } from 'preact'
import { useMessages } from '../language/context.ts'

export interface JourneyProps {
  readonly hasToken: boolean
  /** How the answer went; `none` when there was none. */
  readonly reply: 'good' | 'bad' | 'none'
  /** Who is asked. */
  readonly to: string
}

/** The request on its way to the other party, and the answer on its way back. The text beside it says the same. */
export function Journey({ hasToken, reply, to }: JourneyProps): JSX.Element {
  const { parties } = useMessages()
  return (
    <div class="journey" aria-hidden="true">
      <span>{parties.browser}</span>
      <span class="road">
        <span class={hasToken ? 'traveller tablet' : 'traveller blank'}>
          <i class="tablet-header" />
          <i class="tablet-claims" />
          <i class="tablet-signature" />
        </span>
        {reply !== 'none' && <span class={`reply reply-${reply}`} />}
      </span>
      <span>{to}</span>
    </div>
  )
}
