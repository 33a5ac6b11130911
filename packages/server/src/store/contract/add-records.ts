/** What most tests of the contract begin with: an account, and a session of it. */
import type { Session, Store, User } from '../store.ts'
import { event, session, user } from './records.ts'
import type { Expect } from './test-runner.ts'

export interface AddRecords {
  addUser(change?: Partial<User>): Promise<User>
  addSession(owner: User, change?: Partial<Session>): Promise<Session>
}

/** @param storeOf the store of the test that runs */
export function createAddRecords(storeOf: () => Store, expect: Expect): AddRecords {
  return {
    addUser: async (change = {}) => {
      const added = user(change)
      expect(await storeOf().users.insert(added, event)).toBe('inserted')
      return added
    },
    addSession: async (owner, change = {}) => {
      const added = session(owner, change)
      expect(await storeOf().sessions.insert(added, event)).toMatchObject(added)
      return added
    },
  }
}
