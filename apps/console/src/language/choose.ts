/** Which language the page speaks: the one chosen before, else the first that the browser names and we have. */
import { en } from './en.ts'
import { ko } from './ko.ts'
import type { Messages } from './messages.ts'

export const languages: readonly Messages[] = [en, ko]

const key = 'tessera.language'

/** The messages for a list of language tags (RFC 5646), best first. English where none fits. */
export function chooseLanguage(remembered: string | null, preferred: readonly string[]): Messages {
  const wanted = [...(remembered === null ? [] : [remembered]), ...preferred]
  for (const tag of wanted) {
    const primary = tag.toLowerCase().split('-')[0]
    const found = languages.find((messages) => messages.tag === primary)
    if (found !== undefined) return found
  }
  return en
}

/** The language chosen on an earlier visit. A browser may forbid storage; then there is none. */
export function rememberedLanguage(): string | null {
  try {
    return localStorage.getItem(key)
  } catch {
    return null
  }
}

export function rememberLanguage(tag: string): void {
  try {
    localStorage.setItem(key, tag)
  } catch {
    // Not remembered then; the page works all the same.
  }
}
