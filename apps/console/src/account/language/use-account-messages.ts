/** The words of a person's own page in the language that is chosen. */
import { useMessages } from '../../language/context.ts'
import { en } from './en.ts'
import { ko } from './ko.ts'
import type { AccountMessages } from './messages.ts'

const languages: Readonly<Record<string, AccountMessages>> = { en, ko }

export function useAccountMessages(): AccountMessages {
  return languages[useMessages().tag] ?? en
}
