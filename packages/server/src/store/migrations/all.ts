/** Every migration in the order in which they are applied. Forward only: a released one is never edited or removed. */
import { initial } from './0001-initial.ts'
import { clients } from './0002-clients.ts'
import { accounts } from './0003-accounts.ts'
import { tickets } from './0004-tickets.ts'
import { processes } from './0005-processes.ts'
import { sessionsByTime } from './0006-sessions-by-time.ts'
import { vacuum } from './0007-vacuum.ts'

export interface Migration {
  readonly name: string
  /** Each database in its own words; the tables and columns are the same. */
  readonly sqlite: string
  readonly postgres: string
}

export const migrations: readonly Migration[] = [
  initial,
  clients,
  accounts,
  tickets,
  processes,
  sessionsByTime,
  vacuum,
]
