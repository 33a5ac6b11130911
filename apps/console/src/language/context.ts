import { createContext } from 'preact'
import { useContext } from 'preact/hooks'
import { en } from './en.ts'
import type { CodeWords, Messages } from './messages.ts'

export const LanguageContext = createContext<Messages>(en)

/** Words for codes that mean something else on this page than in the story. */
export const CodesContext = createContext<Partial<Messages['codes']>>({})

/** The words of the page in the language that is chosen. */
export function useMessages(): Messages {
  return useContext(LanguageContext)
}

/** What each code means on this page. */
export function useCodeWords(): Readonly<Record<keyof Messages['codes'], CodeWords>> {
  const { codes } = useMessages()
  return { ...codes, ...useContext(CodesContext) }
}
