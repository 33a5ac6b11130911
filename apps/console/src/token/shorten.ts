/** A part of a token in few characters. */
import type { Part } from './parts.ts'

export interface Piece {
  readonly text: string
  readonly isChanged: boolean
}

const shortLength = 9
/** Characters left and right of a change. */
const around = 4

/** The beginning of a part, or what stands around its first change. */
export function shortenPart(part: Part, changed?: ReadonlySet<number>): readonly Piece[] {
  const { text, start } = part
  const at = [...text].findIndex((_, index) => changed?.has(start + index))
  if (at < 0) {
    return [{ text: text.length > shortLength ? `${text.slice(0, shortLength)}…` : text, isChanged: false }]
  }
  const from = Math.max(0, at - around)
  const to = Math.min(text.length, at + 1 + around)
  return [
    { text: (from > 0 ? '…' : '') + text.slice(from, at), isChanged: false },
    { text: text.charAt(at), isChanged: true },
    { text: text.slice(at + 1, to) + (to < text.length ? '…' : ''), isChanged: false },
  ]
}
