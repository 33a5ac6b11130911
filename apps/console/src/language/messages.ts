/** Every word of the page. Each language is one object of this shape; backticks mark code. */
import type { ClientErrorCode } from '@tessera/client'
import type { PartName } from '../token/parts.ts'

/** What a code means, and what to do about it. */
export interface CodeWords {
  readonly what: string
  readonly next: string
}

/** A member of header or claims set: its name in words, and its meaning. */
export interface MemberWords {
  readonly name: string
  readonly meaning: string
  /** The section that defines it. */
  readonly source: string
}

/** What stands in a dialog that asks before something ends. */
export interface EndingWords {
  /** The button that opens it, and the one that does it. */
  readonly verb: string
  readonly title: (name: string) => string
  readonly consequence: string
  readonly done: (name: string) => string
}

export interface Messages {
  /** The tag of the language (RFC 5646), for `lang` and for dates. */
  readonly tag: string
  /** What the language calls itself. */
  readonly ownName: string
  readonly page: {
    readonly title: string
    readonly lead: string
    readonly guide: string
    readonly language: string
    readonly steps: string
    readonly skip: string
    readonly unusable: string
    readonly logInFirst: string
    readonly footer: string
    readonly jwks: string
    readonly metadata: string
    readonly account: string
    readonly debugger: string
    readonly administration: string
  }
  /** What lists, dialogs and buttons say on every page. */
  readonly controls: {
    readonly loading: string
    readonly retry: string
    readonly more: string
    readonly cancel: string
    readonly copy: string
    readonly copied: string
    readonly typeToConfirm: (text: string) => string
    readonly serverSays: string
    readonly waitSeconds: (seconds: number) => string
  }
  readonly parts: Readonly<Record<PartName, string>>
  readonly parties: { readonly browser: string; readonly api: string }
  readonly logIn: {
    readonly title: string
    readonly short: string
    readonly lead: string
    readonly username: string
    readonly password: string
    readonly passwordHint: string
    readonly signUp: string
    readonly logIn: string
    readonly invent: string
    readonly invented: string
    readonly show: string
    readonly signedIn: (username: string) => string
    readonly ended: string
    readonly fill: string
  }
  readonly look: {
    readonly title: string
    readonly short: string
    readonly lead: string
    readonly copy: string
    readonly copied: string
    readonly header: string
    readonly claims: string
    readonly signature: string
    readonly signatureText: string
    readonly unknownClaim: string
    readonly unknownHeader: string
  }
  readonly attach: {
    readonly title: string
    readonly short: string
    readonly lead: string
    readonly with: string
    readonly without: string
  }
  readonly change: {
    readonly title: string
    readonly short: string
    readonly lead: string
    readonly editor: string
    readonly where: string
    readonly inPart: Readonly<Record<PartName, string>>
    readonly restore: string
    readonly call: string
    readonly changed: (count: number) => string
    readonly unchanged: string
  }
  readonly time: {
    readonly title: string
    readonly short: string
    readonly lead: string
    readonly life: string
    readonly left: (left: string) => string
    readonly over: string
    readonly refreshNow: string
    readonly wait: string
    readonly waiting: (left: string) => string
    readonly stopWaiting: string
    readonly callAsIs: string
    readonly callThrough: string
    readonly renewedTitle: string
    readonly before: string
    readonly after: string
    readonly generation: (generation: number) => string
    readonly macHidden: string
    readonly renewed: (seconds: string) => string
    readonly shorter: string
  }
  readonly logOut: {
    readonly title: string
    readonly short: string
    readonly lead: string
    readonly logOut: string
    readonly done: string
    readonly notRevoked: string
    readonly callOld: string
  }
  readonly exchange: {
    readonly request: string
    readonly answer: string
    readonly renewedOnTheWay: string
    readonly accepted: string
    readonly otherStatus: string
  }
  readonly claims: Readonly<Record<string, MemberWords>>
  readonly header: Readonly<Record<string, MemberWords>>
  readonly codes: Readonly<Record<ClientErrorCode, CodeWords>>
  readonly times: {
    /** A length of time in its two largest units. */
    readonly duration: (units: { days: number; hours: number; minutes: number; seconds: number }) => string
    readonly ahead: (duration: string) => string
    readonly ago: (duration: string) => string
    readonly now: string
  }
}
