/** Changing one character of a token, and finding what was changed. */
import { splitToken, type PartName } from './parts.ts'

const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'

/**
 * The token with one character of a part replaced by another one of base64url.
 *
 * @param place From 0 up to 1: where in the part. The last character is left alone, because its lowest bits may carry
 *   nothing.
 */
export function changeCharacter(token: string, name: PartName, place: number): string {
  const part = splitToken(token).find((candidate) => candidate.name === name)
  if (part === undefined || part.text.length < 2) return token
  const at = part.start + Math.floor(place * (part.text.length - 1))
  const index = alphabet.indexOf(token.charAt(at))
  // Half the alphabet away: the highest bit of the six flips.
  const other = alphabet.charAt((index + alphabet.length / 2) % alphabet.length)
  return token.slice(0, at) + other + token.slice(at + 1)
}

/** The positions at which `token` differs from `original`; all behind the shorter end count as different. */
export function changedPositions(original: string, token: string): ReadonlySet<number> {
  const positions = new Set<number>()
  for (let at = 0; at < token.length; at++) if (token[at] !== original[at]) positions.add(at)
  return positions
}
