import type { ComponentChildren, JSX } from 'preact'
import { useLayoutEffect, useRef } from 'preact/hooks'

export interface ModalProps {
  readonly id: string
  readonly title: string
  /** Called when the person leaves it with Escape. */
  readonly onLeave: () => void
  readonly children: ComponentChildren
}

/** A dialog over the page, which stands still behind it. The focus goes in, and back to where it was. */
export function Modal({ id, title, onLeave, children }: ModalProps): JSX.Element {
  const dialog = useRef<HTMLDialogElement>(null)
  useLayoutEffect(() => {
    const { current } = dialog
    const before = document.activeElement as HTMLElement | null
    current?.showModal()
    current?.querySelector<HTMLElement>('[data-first]')?.focus()
    return () => {
      current?.close()
      // A dialog that has left the document gives nothing back by itself.
      before?.focus()
    }
  }, [])
  return (
    <dialog
      ref={dialog}
      aria-labelledby={`${id}-title`}
      onCancel={(event) => {
        event.preventDefault()
        onLeave()
      }}
    >
      <h2 id={`${id}-title`}>{title}</h2>
      {children}
    </dialog>
  )
}
