import type { JSX } from 'preact'
import { Prose } from './prose.tsx'

export interface TextFieldProps {
  readonly name: string
  readonly label: string
  readonly hint?: string
  /** Further attributes of the input. */
  readonly input?: {
    readonly isSecret?: boolean
    readonly autocomplete?: 'username' | 'current-password' | 'new-password'
    readonly required?: boolean
    readonly readOnly?: boolean
    readonly value?: string
    readonly defaultValue?: string
    /** Takes the focus when its dialog opens. */
    readonly 'data-first'?: boolean
  }
}

/** A labelled line of text. What is typed stands as it is: nothing is corrected or put into capitals. */
export function TextField({ name, label, hint, input = {} }: TextFieldProps): JSX.Element {
  const { isSecret = false, ...attributes } = input
  return (
    <p class="field">
      <label for={name}>{label}</label>
      <input
        id={name}
        name={name}
        autocomplete="off"
        autocapitalize="none"
        spellcheck={false}
        {...(hint !== undefined && { 'aria-describedby': `${name}-hint` })}
        {...attributes}
        {...(isSecret ? { type: 'password' as const } : { type: 'text' as const })}
      />
      {hint !== undefined && (
        <span id={`${name}-hint`} class="hint">
          <Prose text={hint} />
        </span>
      )}
    </p>
  )
}

/** What was typed into a field of a form, exactly. */
export function typedIn(form: HTMLFormElement, name: string): string {
  return (form.elements.namedItem(name) as HTMLInputElement | HTMLTextAreaElement | null)?.value ?? ''
}

/** The text of a field, without spaces around it. */
export function textOf(form: HTMLFormElement, name: string): string {
  return typedIn(form, name).trim()
}

/** Words with spaces between them. */
export function wordsOf(form: HTMLFormElement, name: string): readonly string[] {
  return textOf(form, name)
    .split(/\s+/)
    .filter((word) => word !== '')
}
