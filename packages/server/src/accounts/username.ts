/** User names: what may stand in one, and when two are the same. */

/** Long enough for any e-mail address (RFC 5321 §4.5.3.1). */
const longestUsername = 255

// Controls, format characters (invisible, or turning the reading direction), surrogates, private and unassigned code
// points, line and paragraph separators: what a person cannot see cannot tell two names apart.
const unseen = /[\p{C}\p{Zl}\p{Zp}]/u

export type ParsedUsername =
  | { readonly ok: true; readonly username: string; readonly normalised: string }
  | { readonly ok: false; readonly why: string }

/** Reads a user name as it was typed. Names that differ only in case or in Unicode form are one name. */
export function parseUsername(typed: string): ParsedUsername {
  const username = typed.normalize('NFC')
  const length = [...username].length
  if (username.trim() === '') return { ok: false, why: 'expected a user name, got an empty one' }
  if (length > longestUsername) {
    return { ok: false, why: `expected a user name of at most ${longestUsername} characters, got ${length}` }
  }
  if (username !== username.trim()) {
    return { ok: false, why: 'expected a user name without spaces before and after it' }
  }
  if (unseen.test(username)) return { ok: false, why: 'expected a user name of visible characters only' }
  return { ok: true, username, normalised: normaliseUsername(username) }
}

/** The form by which a name is looked up: NFKC, case folded. Total, so that any typed name costs the same look-up. */
export function normaliseUsername(typed: string): string {
  // toUpperCase first folds letters that have two lower-case forms, such as ς and σ.
  return typed.normalize('NFKC').toUpperCase().toLowerCase().normalize('NFKC')
}
