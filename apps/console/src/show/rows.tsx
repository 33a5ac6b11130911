import type { ComponentChildren, JSX } from 'preact'
import { useEffect, useRef } from 'preact/hooks'
import { useMessages } from '../language/context.ts'
import type { List } from './use-list.ts'
import { Fault } from './fault.tsx'

export interface RowsProps<Row> {
  readonly list: List<Row>
  readonly label: string
  /** Said when there is nothing. */
  readonly empty: string
  readonly keyOf: (row: Row) => string | number
  readonly show: (row: Row) => ComponentChildren
}

/** A list in each of its states: on its way, failed, empty, there, and with more to come. */
export function Rows<Row>({ list, label, empty, keyOf, show }: RowsProps<Row>): JSX.Element {
  const { controls } = useMessages()
  const { rows, status, error, hasMore, shownBefore } = list
  const firstNew = useRef<HTMLLIElement>(null)
  // More was asked for with a button that may be gone now: the reading goes on at the first new row.
  useEffect(() => {
    if (shownBefore > 0) firstNew.current?.focus()
  }, [shownBefore])
  return (
    <div class="list" aria-busy={status === 'loading'}>
      {rows.length > 0 && (
        <ul class="rows" aria-label={label}>
          {rows.map((row, index) => (
            <li key={keyOf(row)} {...(index === shownBefore && index > 0 && { ref: firstNew, tabIndex: -1 })}>
              {show(row)}
            </li>
          ))}
        </ul>
      )}
      <p role="status" class="note">
        {status === 'loading' && controls.loading}
        {status === 'ready' && rows.length === 0 && empty}
      </p>
      {status === 'failed' && (
        <>
          <Fault error={error} />
          <p class="actions">
            <button type="button" onClick={() => void list.reload()}>
              {controls.retry}
            </button>
          </p>
        </>
      )}
      {status !== 'failed' && hasMore && (
        <p class="actions">
          <button type="button" disabled={status === 'loading'} onClick={() => void list.more()}>
            {controls.more}
          </button>
        </p>
      )}
    </div>
  )
}
