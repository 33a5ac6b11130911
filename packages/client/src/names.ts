/** Run-time checks of an object of options that every function with options shares. */
import { ClientError } from './errors.ts'

/** Refuses names that nobody reads, and options whose value got lost on the way. */
export function checkNames(options: object, known: readonly string[], where: string): void {
  if (typeof options !== 'object' || options === null) {
    throw invalid(`${where}: expected an object of options, got ${kindOf(options)}`)
  }
  for (const [name, value] of Object.entries(options)) {
    if (!known.includes(name)) {
      throw invalid(`${where}: unknown option "${name}"; did you mean "${nearest(name, known)}"?`)
    }
    if (value === undefined) {
      throw invalid(`${where}: expected a value for "${name}", got undefined: is the variable set?`)
    }
  }
}

/** What a value is, without showing it. */
export function kindOf(value: unknown): string {
  return value === null ? 'null' : Array.isArray(value) ? 'a list' : typeof value
}

/** The caller's own mistake. */
export function invalid(message: string): ClientError {
  return new ClientError('option_invalid', message)
}

function nearest(name: string, known: readonly string[]): string {
  const ranked = known.map((candidate) => ({ candidate, edits: editDistance(name, candidate) }))
  ranked.sort((a, b) => a.edits - b.edits)
  return ranked[0]?.candidate ?? ''
}

/** Levenshtein's distance, one row at a time. */
function editDistance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, index) => index)
  for (let i = 0; i < a.length; i++) {
    const above = row
    row = [i + 1]
    for (let j = 0; j < b.length; j++) {
      const swap = (above[j] ?? 0) + (a[i] === b[j] ? 0 : 1)
      row.push(Math.min(swap, (above[j + 1] ?? 0) + 1, (row[j] ?? 0) + 1))
    }
  }
  return row.at(-1) ?? 0
}
