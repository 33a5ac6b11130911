/**
 * What makes a password acceptable (NIST SP 800-63B-4 §3.1.1.2): long, not commonly used, not the account's own name.
 * No rules of composition. One reason is told, with what to do.
 */
import { isCommonPassword } from './common-passwords.ts'

/** Alone, without a second factor. */
const shortestPassword = 15
const longestPassword = 256
/** Hashing takes every byte: what an attacker may send is bounded before it (P29). */
const longestPasswordBytes = 1024

/** Why a password is not acceptable that was stolen elsewhere. */
export const breachedFault =
  'it is in a list of passwords that were stolen elsewhere: expected one that was never used before'

/** The form in which a password is hashed and compared: NFC, so that one password typed on two systems is one. */
export function normalisePassword(typed: string): string {
  return typed.normalize('NFC')
}

/** Whether a typed password is too long for any account to have it. Such a one is never hashed. */
export function isOverlongPassword(typed: string): boolean {
  return (
    typed.length > longestPasswordBytes || Buffer.byteLength(normalisePassword(typed)) > longestPasswordBytes
  )
}

/**
 * Why a password is not acceptable for a user of this name, or undefined when it is.
 *
 * @param host Of the issuer: nobody's password is made of the name of the service.
 */
export function passwordFault(typed: string, username: string, host = ''): string | undefined {
  const password = normalisePassword(typed)
  const length = [...password].length
  if (length < shortestPassword) {
    return `expected at least ${shortestPassword} characters, got ${length}: a few words that do not belong together are easy to keep in mind`
  }
  if (length > longestPassword || isOverlongPassword(password)) {
    return `expected at most ${longestPassword} characters and ${longestPasswordBytes} bytes, got ${length} characters`
  }
  if (/\p{Cs}/u.test(password)) return 'expected text, got half of a character'
  if (isMadeOf(password, [...username.split('@'), ...host.split('.')])) {
    return 'it is made of the user name or the name of this service: expected one that nobody can derive from them'
  }
  if (isCommonPassword(password)) {
    return 'it is among the passwords that are tried first: expected one that nobody else uses'
  }
  return undefined
}

/** Whether a password says little more than names: repeated, joined, or with digits and marks around them. */
function isMadeOf(password: string, names: readonly string[]): boolean {
  const letters = (text: string): string =>
    text
      .normalize('NFKC')
      .toLowerCase()
      .replace(/[^\p{L}]/gu, '')
  const typed = letters(password)
  const known = names.map(letters).filter((name) => name.length >= 3)
  // The longest first: what is left of a longer name is none.
  const ordered = [...known].sort((one, other) => other.length - one.length)
  return typed !== '' && ordered.reduce((rest, name) => rest.replaceAll(name, ''), typed) === ''
}
