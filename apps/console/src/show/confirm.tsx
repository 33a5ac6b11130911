import type { JSX } from 'preact'
import { useState } from 'preact/hooks'
import { Prose } from './prose.tsx'
import { useMessages } from '../language/context.ts'
import type { EndingWords } from '../language/messages.ts'
import { Fault } from './fault.tsx'
import { Modal } from './modal.tsx'

/** Something that ends when it is confirmed. */
export interface Ending {
  readonly words: EndingWords
  /** What it is called. */
  readonly name: string
  /** Sentences that hold for this one alone. */
  readonly notes?: readonly string[]
  /** What has to be typed before it can be done. */
  readonly typed?: string
  act(): Promise<void>
  /** Brings the page up to date when it is done. */
  after?(): void | Promise<void>
  /** Where to go when it is done, because this page is about what is gone. */
  readonly leadsTo?: string
  /** Words for a refusal, where there are better ones than those of its code. */
  explain?(error: unknown): string | undefined
}

export interface ConfirmProps {
  readonly ending: Ending
  /** Closes the dialog; `isDone` says whether it was done. */
  readonly close: (isDone: boolean) => void
}

/** Says what will end, and does it when that is confirmed. A refusal is told here, and can be tried again. */
export function Confirm({ ending, close }: ConfirmProps): JSX.Element {
  const { controls } = useMessages()
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
          (explained === undefined ? <Fault error={error} /> : <p role="alert">{explained}</p>)}
        <p class="actions">
          <button type="submit" class="danger" disabled={!isReady}>
            {words.verb}
          </button>
          <button
            type="button"
            {...(typed === undefined && { 'data-first': true })}
            onClick={() => close(false)}
          >
            {controls.cancel}
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
  const { controls } = useMessages()
  return (
    <p class="field">
      <label for="typed">
        <Prose text={controls.typeToConfirm(typed)} />
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
