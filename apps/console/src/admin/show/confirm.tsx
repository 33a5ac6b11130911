import type { JSX } from 'preact'
import { useState } from 'preact/hooks'
import { Prose } from '../../show/prose.tsx'
import type { Ending } from '../context.ts'
import { useAdminMessages } from '../language/use-admin-messages.ts'
import { AdminFault } from './admin-fault.tsx'
import { Modal } from './modal.tsx'

export interface ConfirmProps {
  readonly ending: Ending
  /** Closes the dialog; `isDone` says whether it was done. */
  readonly close: (isDone: boolean) => void
}

/** Says what will end, and does it when that is confirmed. A refusal is told here, and can be tried again. */
export function Confirm({ ending, close }: ConfirmProps): JSX.Element {
  const { page } = useAdminMessages()
  const { words, name, notes = [], typed, act, explain } = ending
  const [error, setError] = useState<unknown>(null)
  const [isBusy, setBusy] = useState(false)
  const [text, setText] = useState('')
  const isReady = typed === undefined || text.trim() === typed
  const explained = error === null ? undefined : explain?.(error)

  async function confirm(): Promise<void> {
    if (isBusy || !isReady) return
    setBusy(true)
    setError(null)
    try {
      await act()
      close(true)
    } catch (fault) {
      setError(fault)
      setBusy(false)
    }
  }

  return (
    <Modal id="confirm" title={words.title(name)} onLeave={() => close(false)}>
      <form
        aria-busy={isBusy}
        onSubmit={(event) => {
          event.preventDefault()
          void confirm()
        }}
      >
        {[words.consequence, ...notes].map((sentence) => (
          <p key={sentence}>
            <Prose text={sentence} />
          </p>
        ))}
        {typed !== undefined && <TypedField typed={typed} text={text} onInput={setText} />}
        {error !== null &&
          (explained === undefined ? <AdminFault error={error} /> : <p role="alert">{explained}</p>)}
        <p class="actions">
          <button type="submit" class="danger" disabled={!isReady}>
            {words.verb}
          </button>
          <button
            type="button"
            {...(typed === undefined && { 'data-first': true })}
            onClick={() => close(false)}
          >
            {page.cancel}
          </button>
        </p>
      </form>
    </Modal>
  )
}

interface TypedFieldProps {
  readonly typed: string
  readonly text: string
  readonly onInput: (text: string) => void
}

function TypedField({ typed, text, onInput }: TypedFieldProps): JSX.Element {
  const { page } = useAdminMessages()
  return (
    <p class="field">
      <label for="typed">
        <Prose text={page.typeToConfirm(typed)} />
      </label>
      <input
        id="typed"
        data-first
        value={text}
        autocomplete="off"
        autocapitalize="none"
        spellcheck={false}
        onInput={(event) => onInput(event.currentTarget.value)}
      />
    </p>
  )
}
