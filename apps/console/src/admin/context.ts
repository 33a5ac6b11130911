/** What the pages of the administration share. */
import { createContext } from 'preact'
import { useContext } from 'preact/hooks'
import type { AdminApi } from './api.ts'
import type { UserNames } from './user-names.ts'
import type { Ending } from '../show/confirm.tsx'
import type { Administrator } from './session.ts'

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
