/** What stands around a page beside the story: its name, the choice of language, and the way to the story. */
import type { ComponentChildren, JSX } from 'preact'
import { headingId } from './heading.tsx'

export interface PageFrameProps {
  readonly words: { readonly name: string; readonly skip: string; readonly story: string }
  readonly languages: ComponentChildren
  /** The ID of what the link for readers skips to; default the heading. */
  readonly skipTo?: string
  readonly children: ComponentChildren
}

export function PageFrame({ words, languages, skipTo = headingId, children }: PageFrameProps): JSX.Element {
  return (
    <>
      <a
        class="skip"
        href={`#${skipTo}`}
        onClick={(event) => {
          // The part behind # may say which page is open: the link moves the focus and nothing else.
          event.preventDefault()
          document.getElementById(skipTo)?.focus()
        }}
      >
        {words.skip}
      </a>
      <header class="masthead">
        <p class="name">
          <a href="./">Tessera</a> <span class="place">{words.name}</span>
        </p>
        {languages}
      </header>
      {children}
      <footer>
        <p>
          <a href="./">{words.story}</a>
        </p>
      </footer>
    </>
  )
}
