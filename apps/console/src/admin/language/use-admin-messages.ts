/** The words of the administration in the language of the page. */
import { useMessages } from '../../language/context.ts'
import { en } from './en.ts'
import { ko } from './ko.ts'
import type { AdminMessages } from './messages.ts'

const languages: Readonly<Record<string, AdminMessages>> = { en, ko }

export function useAdminMessages(): AdminMessages {
  return languages[useMessages().tag] ?? en
}
