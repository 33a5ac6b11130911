/** What stands around a page that a person signs in to: its name, the choice of language, and the way to the story. */
import type { ComponentChildren, JSX } from 'preact'
import { focusHeading } from './heading.tsx'

export interface PageFrameProps {
  readonly words: { readonly name: string; readonly skip: string; readonly story: string }
  readonly languages: ComponentChildren
  readonly children: ComponentChildren
}

export function PageFrame({ words, languages, children }: PageFrameProps): JSX.Element {
  return (
    <>
      <a
        class="skip"
        href="#heading"
        onClick={(event) => {
          // The part behind # may say which page is open: the link moves the focus and nothing else.
          event.preventDefault()
          focusHeading()
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
