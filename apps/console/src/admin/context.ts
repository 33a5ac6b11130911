/** What the pages of the administration share. */
import { createContext } from 'preact'
import { useContext } from 'preact/hooks'
import type { AdminApi } from './api.ts'
import type { UserNames } from './user-names.ts'
import type { EndingWords } from './language/messages.ts'
import type { Administrator } from './session.ts'

/** Something that ends when it is confirmed. */
export interface Ending {
  readonly words: EndingWords
  /** What it is called. */
  readonly name: string
  /** Sentences that hold for this one alone. */
  readonly notes?: readonly string[]
  /** What has to be typed before it can be done. */
  readonly typed?: string
  act(): Promise<void>
  /** Brings the page up to date when it is done. */
  after?(): void | Promise<void>
  /** Where to go when it is done, because this page is about what is gone. */
  readonly leadsTo?: string
  /** Words for a refusal, where there are better ones than those of its code. */
  explain?(error: unknown): string | undefined
}

export interface AdminTools {
  readonly administrator: Administrator
  readonly api: AdminApi
  readonly names: UserNames
  /** Asks first, then does it and tells so. */
  confirm(ending: Ending): void
  /** Tells what was done, to eye and ear, until the page is left. */
  announce(text: string): void
}

export const AdminContext = createContext<AdminTools | null>(null)

/** @throws {Error} outside of the administration */
export function useAdmin(): AdminTools {
  const tools = useContext(AdminContext)
  if (tools === null) throw new Error('expected to be in the administration')
  return tools
}
