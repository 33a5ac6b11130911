import type { JSX } from 'preact'
import { splitToken } from '../token/parts.ts'
import { shortenPart } from '../token/shorten.ts'

export interface TokenTextProps {
  readonly token: string
  /** Positions to mark as changed. */
  readonly changed?: ReadonlySet<number>
}

/** A token in the colours of its parts. */
export function TokenText({ token, changed }: TokenTextProps): JSX.Element {
  return (
    <>
      {splitToken(token).map((part, index) => (
        <>
          {index > 0 && <span class="dot">.</span>}
          <span class={`part-${part.name}`}>{markChanges(part.text, part.start, changed)}</span>
        </>
      ))}
    </>
  )
}

function markChanges(
  text: string,
  start: number,
  changed: ReadonlySet<number> | undefined,
): readonly (string | JSX.Element)[] {
  const pieces: (string | JSX.Element)[] = []
  let plain = ''
  for (let at = 0; at < text.length; at++) {
    if (changed?.has(start + at)) {
      pieces.push(plain, <mark>{text[at]}</mark>)
      plain = ''
    } else plain += text[at]
  }
  return [...pieces, plain]
}

/** The beginning of each part, enough to know a token by; a part that was changed is shown around the change. */
export function ShortToken({ token, changed }: TokenTextProps): JSX.Element {
  return (
    <>
      {splitToken(token).map((part, index) => (
        <>
          {index > 0 && <span class="dot">.</span>}
          <span class={`part-${part.name}`}>
            {shortenPart(part, changed).map(({ text, isChanged }) =>
              isChanged ? <mark>{text}</mark> : text,
            )}
          </span>
        </>
      ))}
    </>
  )
}
