import type { JSX } from 'preact'
import { useState } from 'preact/hooks'
import { useMessages } from '../../language/context.ts'

export interface ToldOnceProps {
  readonly name: string
  readonly value: string
  /** Why it has to be taken now. */
  readonly warning: string
}

/** A secret that is shown this once, and a way to take it along. */
export function ToldOnce({ name, value, warning }: ToldOnceProps): JSX.Element {
  const { controls } = useMessages()
  const [isCopied, setCopied] = useState(false)
  return (
    <figure class="sheet">
      <figcaption id="told-once">{name}</figcaption>
      <p class="token" translate={false} aria-labelledby="told-once">
        {value}
      </p>
      <p class="warning">{warning}</p>
      <p class="actions">
        <button
          type="button"
          class="main"
          onClick={() =>
            void navigator.clipboard.writeText(value).then(
              () => setCopied(true),
              () => setCopied(false),
            )
          }
        >
          {controls.copy}
        </button>
        <span role="status" class="hint">
          {isCopied && controls.copied}
        </span>
      </p>
    </figure>
  )
}
