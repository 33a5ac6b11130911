/**
 * The account that somebody says is his. Reading a row takes longer than finding none (20 µs on SQLite, which a thousand
 * log-ins tell apart where an imported hash is cheap): whoever there is, one row is read and one is not found (P29).
 */
import type { User, UserStore } from '../store/store.ts'
import type { Decoys } from './decoys.ts'
import { normaliseUsername } from './username.ts'

export interface AccountsToFind {
  readonly users: UserStore
  readonly decoys: Decoys
}

/** No account is called that: a name has letters. */
const nameOfNobody = ''

export async function findAccount(
  { users, decoys }: AccountsToFind,
  username: string,
): Promise<User | undefined> {
  const normalised = normaliseUsername(username)
  // Drawn in either case: whether it was must not show in the time.
  const standIn = decoys.standIn(normalised) ?? nameOfNobody
  const user = await users.findByName(normalised)
  await users.findByName(user === undefined ? standIn : nameOfNobody)
  return user
}
