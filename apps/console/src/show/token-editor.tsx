import type { JSX } from 'preact'
import { TokenText } from './token-text.tsx'

export interface TokenEditorProps {
  readonly id: string
  readonly label: string
  readonly token: string
  readonly changed: ReadonlySet<number>
  readonly onEdit: (token: string) => void
}

/** A text field over its own coloured mirror: one types in the field and sees the mirror. */
export function TokenEditor({ id, label, token, changed, onEdit }: TokenEditorProps): JSX.Element {
  return (
    <>
      <label for={id}>{label}</label>
      <div class="editor">
        <div class="mirror token" aria-hidden="true">
          <TokenText token={token} changed={changed} />
        </div>
        <textarea
          id={id}
          class="token"
          value={token}
          rows={1}
          spellcheck={false}
          autocomplete="off"
          autocapitalize="off"
          translate={false}
          onInput={(event) => onEdit(event.currentTarget.value.replaceAll(/\s/g, ''))}
        />
      </div>
    </>
  )
}
