/**
 * Words that are looked up where they lie: one text in order, and where each line of it begins. Fifty thousand of them take
 * 600 KB, and 6 MB as a set.
 */
export interface WordList {
  has(word: string): boolean
}

const lineFeed = 10

/** @param octets lines of ASCII, each with a character at least, in the order of their octets */
export function createWordList(octets: Uint8Array): WordList {
  const starts = startsOf(octets)
  const count = starts.length - 1
  return {
    has: (word) => {
      let [from, to] = [0, count]
      while (from < to) {
        const middle = (from + to) >>> 1
        const line = { start: starts[middle]!, end: starts[middle + 1]! - 1 }
        const order = compare(octets, line, word)
        if (order === 0) return true
        if (order < 0) from = middle + 1
        else to = middle
      }
      return false
    },
  }
}

/** Where each line begins, and where one after the last would. */
function startsOf(octets: Uint8Array): Uint32Array {
  const starts = [0]
  for (let at = octets.indexOf(lineFeed); at >= 0; at = octets.indexOf(lineFeed, at + 1)) starts.push(at + 1)
  if (starts.at(-1) !== octets.length) starts.push(octets.length + 1)
  return Uint32Array.from(starts)
}

/** Below zero: the line comes before the word. */
function compare(
  octets: Uint8Array,
  { start, end }: { readonly start: number; readonly end: number },
  word: string,
): number {
  const length = Math.min(end - start, word.length)
  for (let index = 0; index < length; index++) {
    const difference = octets[start + index]! - word.charCodeAt(index)
    if (difference !== 0) return difference
  }
  return end - start - word.length
}
