import type { JSX } from 'preact'
import { useMessages } from '../language/context.ts'
import type { Messages } from '../language/messages.ts'

/** A NumericDate in few words: day and minute where the reader is. */
function shortDate(date: number, { tag }: Messages): string {
  return new Intl.DateTimeFormat(tag, { dateStyle: 'medium', timeStyle: 'short' }).format(date * 1000)
}

/** Gives dates in the language of the page. */
export function useShortDate(): (date: number) => string {
  const messages = useMessages()
  return (date) => shortDate(date, messages)
}

/** A NumericDate with its seconds, for machines to read too. */
export function Moment({ date }: { readonly date: number }): JSX.Element {
  const { tag } = useMessages()
  const text = new Intl.DateTimeFormat(tag, { dateStyle: 'medium', timeStyle: 'medium' }).format(date * 1000)
  return <time dateTime={new Date(date * 1000).toISOString()}>{text}</time>
}
