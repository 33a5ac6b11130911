/** Every word of a person's own page, beside those that all pages share. */
import type { CodeWords, EndingWords } from '../../language/messages.ts'

export interface AccountMessages {
  readonly title: string
  readonly name: string
  readonly skip: string
  readonly story: string
  readonly unusable: string
  readonly signIn: {
    readonly title: string
    readonly lead: string
    readonly username: string
    readonly password: string
    readonly signIn: string
    readonly fill: string
    readonly kept: string
    /** The session of this page was ended from elsewhere, or ran out. */
    readonly ended: string
    readonly signedOut: string
    readonly signedOutEverywhere: string
  }
  readonly signedIn: (username: string) => string
  readonly signOut: string
  readonly heading: string
  readonly lead: string
  readonly list: string
  readonly none: string
  /** Marks the session of this page. */
  readonly current: string
  readonly lastUsed: (date: string) => string
  readonly begun: (date: string) => string
  readonly from: (prefix: string) => string
  /** Tells a session from others on devices of the same kind. */
  readonly which: (date: string, prefix: string) => string
  readonly unknown: string
  readonly end: EndingWords
  readonly endThis: EndingWords
  readonly endOthers: EndingWords
  readonly endAll: EndingWords
  readonly password: {
    readonly title: string
    readonly lead: string
    readonly current: string
    readonly next: string
    readonly hint: string
    readonly change: string
    readonly fill: string
    readonly changed: string
    /** The current one is not right. */
    readonly wrong: CodeWords
  }
}
