import type { ComponentChildren, JSX } from 'preact'
import { useMessages } from '../language/context.ts'
import { Prose } from './prose.tsx'

export interface StepProps {
  readonly id: string
  readonly number: number
  readonly title: string
  readonly lead: string
  readonly children: ComponentChildren
}

/** One step of the story. Its heading takes the focus when the step before it is done. */
export function Step({ id, number, title, lead, children }: StepProps): JSX.Element {
  return (
    <section class="step" id={id} aria-labelledby={`${id}-title`}>
      <h2 id={`${id}-title`} tabIndex={-1}>
        <span class="step-number">{number}</span> {title}
      </h2>
      <p class="lead">
        <Prose text={lead} />
      </p>
      {children}
    </section>
  )
}

/** Moves the focus to the heading of a step, and with it the reader's eye or ear. */
export function focusStep(id: string): void {
  document.getElementById(`${id}-title`)?.focus()
}

/** What stands in a step that needs a token, while there is none. */
export function LogInFirst(): JSX.Element {
  const { page } = useMessages()
  return (
    <p class="note">
      <a href="#log-in">{page.logInFirst}</a>
    </p>
  )
}
