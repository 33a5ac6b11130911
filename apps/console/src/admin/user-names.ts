/** Names of accounts whose ids are known, each asked for once. */
import { isClientError } from '@tessera/client'
import type { AdminApi } from './api.ts'

export interface UserNames {
  /** @returns `null` where the account is gone, or its name cannot be had now. */
  nameOf(userId: string): Promise<string | null>
}

export function createUserNames({ findUser }: Pick<AdminApi, 'findUser'>): UserNames {
  const names = new Map<string, Promise<string | null>>()
  return {
    nameOf(userId) {
      const known = names.get(userId)
      if (known !== undefined) return known
      const name = findUser(userId).then(
        ({ username }) => username,
        (error: unknown) => {
          // What is gone stays gone; anything else is asked for again.
          if (!isClientError(error) || error.code !== 'not_found') names.delete(userId)
          return null
        },
      )
      names.set(userId, name)
      return name
    },
  }
}
