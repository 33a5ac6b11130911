import type { ComponentChildren, JSX } from 'preact'
import { useEffect, useRef } from 'preact/hooks'
import { Prose } from './prose.tsx'

export const headingId = 'heading'

export interface HeadingProps {
  readonly title: ComponentChildren
  readonly lead?: string
}

/** The heading of a page. It takes the focus when the page opens, and with it the reader's eye or ear. */
export function Heading({ title, lead }: HeadingProps): JSX.Element {
  const heading = useRef<HTMLHeadingElement>(null)
  useEffect(() => {
    scrollTo(0, 0)
    heading.current?.focus({ preventScroll: true })
  }, [])
  return (
    <>
      <h1 ref={heading} id={headingId} tabIndex={-1}>
        {title}
      </h1>
      {lead !== undefined && (
        <p class="lead">
          <Prose text={lead} />
        </p>
      )}
    </>
  )
}

/** Where the focus goes when what had it is gone. */
export function focusHeading(): void {
  document.getElementById(headingId)?.focus()
}
