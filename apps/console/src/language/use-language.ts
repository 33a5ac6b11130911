import { useEffect, useState } from 'preact/hooks'
import { chooseLanguage, rememberedLanguage, rememberLanguage } from './choose.ts'
import type { Messages } from './messages.ts'

/** The language of the page, told to the browser, and a way to choose another one that is remembered. */
export function useLanguage(): readonly [Messages, (chosen: Messages) => void] {
  const [messages, choose] = useState(() => chooseLanguage(rememberedLanguage(), navigator.languages))
  useEffect(() => {
    document.documentElement.lang = messages.tag
  }, [messages])
  const select = (chosen: Messages): void => {
    rememberLanguage(chosen.tag)
    choose(chosen)
  }
  return [messages, select]
}
