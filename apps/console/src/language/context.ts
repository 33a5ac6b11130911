import { createContext } from 'preact'
import { useContext } from 'preact/hooks'
import { en } from './en.ts'
import type { Messages } from './messages.ts'

export const LanguageContext = createContext<Messages>(en)

/** The words of the page in the language that is chosen. */
export function useMessages(): Messages {
  return useContext(LanguageContext)
}
