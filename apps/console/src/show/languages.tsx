import type { JSX } from 'preact'
import { languages } from '../language/choose.ts'
import type { Messages } from '../language/messages.ts'

export interface LanguagesProps {
  readonly messages: Messages
  readonly select: (messages: Messages) => void
}

/** The languages by their own names, one of them chosen. */
export function Languages({ messages, select }: LanguagesProps): JSX.Element {
  return (
    <div class="languages" role="group" aria-label={messages.page.language}>
      {languages.map((language) => (
        <button
          key={language.tag}
          type="button"
          class="quiet"
          lang={language.tag}
          aria-pressed={language === messages}
          onClick={() => select(language)}
        >
          {language.ownName}
        </button>
      ))}
    </div>
  )
}
