import type { ComponentChildren, JSX } from 'preact'
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
