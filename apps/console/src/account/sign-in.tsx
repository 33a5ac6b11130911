import type { JSX } from 'preact'
import { useState } from 'preact/hooks'
import { Fault } from '../show/fault.tsx'
import { Heading } from '../show/heading.tsx'
import { SignInForm } from '../show/sign-in-form.tsx'
import { useAccountMessages } from './language/use-account-messages.ts'

/** How a session of this page ended; `null` where there was none. */
export type Leaving = 'signedOut' | 'signedOutEverywhere' | 'ended' | null

export interface SignInProps {
  readonly signIn: (username: string, password: string) => Promise<void>
  readonly leaving: Leaving
}

/** The way in, and what became of the session before. */
export function SignIn({ signIn, leaving }: SignInProps): JSX.Element {
  const { signIn: words } = useAccountMessages()
  const [error, setError] = useState<unknown>(null)
  return (
    <main class="door">
      <p role="status" class="notice">
        {leaving !== null && words[leaving]}
      </p>
      <Heading title={words.title} lead={words.lead} />
      <SignInForm words={words} signIn={signIn} onFault={setError} />
      {error !== null && <Fault error={error} />}
      <p class="hint">{words.kept}</p>
    </main>
  )
}
