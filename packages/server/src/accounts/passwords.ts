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

/** Why a password is not acceptable for a user of this name, or undefined when it is. */
export function passwordFault(typed: string, username: string): string | undefined {
  const password = normalisePassword(typed)
  const length = [...password].length
  if (length < shortestPassword) {
    return `expected at least ${shortestPassword} characters, got ${length}: a few words that do not belong together are easy to keep in mind`
  }
  if (length > longestPassword || isOverlongPassword(password)) {
    return `expected at most ${longestPassword} characters and ${longestPasswordBytes} bytes, got ${length} characters`
  }
  if (/\p{Cs}/u.test(password)) return 'expected text, got half of a character'
  if (isCommonPassword(password)) {
    return 'it is among the passwords that are tried first: expected one that nobody else uses'
  }
  if (isMadeOf(password, username))
    return 'it is made of the user name: expected one that nobody can derive from it'
  return undefined
}

/** Whether a password says little more than the user name: repeated, or with digits and marks around it. */
function isMadeOf(password: string, username: string): boolean {
  const letters = (text: string): string =>
    text
      .normalize('NFKC')
      .toLowerCase()
      .replace(/[^\p{L}]/gu, '')
  const name = letters(username.split('@')[0] ?? '')
  const rest = letters(password)
  return name.length >= 3 && rest !== '' && rest.replaceAll(name, '') === ''
}
