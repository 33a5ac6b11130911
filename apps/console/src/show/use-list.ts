/** A list that comes from the server, at once or page by page. What comes too late is not shown. */
import { useEffect, useRef, useState } from 'preact/hooks'

/** A part of a list, as the server gives it. */
export interface Page<Row> {
  readonly rows: readonly Row[]
  /** What `after` has to be for the page that follows, where there is one. */
  readonly next?: string
}

export interface List<Row> {
  readonly rows: readonly Row[]
  readonly status: 'loading' | 'ready' | 'failed'
  /** Why it failed. What was there before stays. */
  readonly error: unknown
  readonly hasMore: boolean
  /** How many rows there were before the last page was added. */
  readonly shownBefore: number
  /** Adds the next page. */
  more(): Promise<void>
  /** Reads again from the start; rows stay in sight meanwhile. */
  reload(): Promise<void>
}

interface Held<Row> {
  readonly rows: readonly Row[]
  readonly next?: string
  readonly status: List<Row>['status']
  readonly error: unknown
  readonly shownBefore: number
}

const nothing = { rows: [], status: 'loading', error: null, shownBefore: 0 } as const

/** @param key What the list depends on: another one begins a new list. */
export function useList<Row>(key: string, read: (after?: string) => Promise<Page<Row>>): List<Row> {
  const [held, setHeld] = useState<Held<Row> & { readonly key: string }>({ ...nothing, key })
  const latest = useRef(0)
  // Rows of another list are never shown under this one's heading.
  const shown: Held<Row> = held.key === key ? held : nothing

  async function load(from: Held<Row>, after?: string): Promise<void> {
    const number = ++latest.current
    const kept = after === undefined ? [] : from.rows
    setHeld({ ...from, key, status: 'loading', error: null })
    try {
      const { rows, next } = await read(after)
      if (number !== latest.current) return
      setHeld({
        key,
        rows: [...kept, ...rows],
        ...(next !== undefined && { next }),
        status: 'ready',
        error: null,
        shownBefore: kept.length,
      })
    } catch (error) {
      if (number === latest.current) setHeld({ ...from, key, status: 'failed', error })
    }
  }

  useEffect(() => {
    void load(nothing)
    return () => void latest.current++
  }, [key])

  return {
    ...shown,
    hasMore: shown.next !== undefined,
    more: () => load(shown, shown.next),
    reload: () => load(shown),
  }
}
