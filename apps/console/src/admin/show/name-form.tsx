import type { JSX } from 'preact'
import { useEffect, useRef } from 'preact/hooks'
import { TextField, textOf } from '../../show/text-field.tsx'

export interface NameFormProps {
  readonly label: string
  readonly verb: string
  /** What was asked for last. */
  readonly value: string
  readonly onAsk: (name: string) => void
}

/** Asks for a user name, or a part of one. */
export function NameForm({ label, verb, value, onAsk }: NameFormProps): JSX.Element {
  const form = useRef<HTMLFormElement>(null)
  useEffect(() => {
    const field = form.current?.elements.namedItem('name') as HTMLInputElement | null
    if (field !== null) field.value = value
  }, [value])
  return (
    <form
      ref={form}
      role="search"
      class="name-form"
      onSubmit={(event) => {
        event.preventDefault()
        onAsk(textOf(event.currentTarget, 'name'))
      }}
    >
      <TextField name="name" label={label} input={{ defaultValue: value }} />
      <button type="submit">{verb}</button>
    </form>
  )
}
