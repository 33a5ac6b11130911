/** The words of the debugger in the language of the page. */
import { useMessages } from '../../language/context.ts'
import { en } from './en.ts'
import { ko } from './ko.ts'
import type { DebuggerMessages } from './messages.ts'

const languages: Readonly<Record<string, DebuggerMessages>> = { en, ko }

export function useDebuggerMessages(): DebuggerMessages {
  return languages[useMessages().tag] ?? en
}
