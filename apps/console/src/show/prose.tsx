import type { JSX } from 'preact'

/** Text in which backticks mark code. */
export function Prose({ text }: { readonly text: string }): JSX.Element {
  const pieces = text.split('`')
  return <>{pieces.map((piece, index) => (index % 2 === 1 ? <code key={index}>{piece}</code> : piece))}</>
}
