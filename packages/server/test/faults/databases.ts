/** What the tests of this folder run on: a file, and a database of a PostgreSQL that `npm run test:faults` started. */
import { createSchema } from '../store/open-test-database.ts'

export interface TestDatabase {
  /** What `TESSERA_DATABASE` is set to; undefined: the default, a file below the server's directory. */
  readonly url: string | undefined
  drop(): Promise<void>
}

export interface FaultDatabase {
  readonly name: 'SQLite' | 'PostgreSQL'
  open(): Promise<TestDatabase>
}

export const sqlite: FaultDatabase = {
  name: 'SQLite',
  open: async () => ({ url: undefined, drop: async () => undefined }),
}

export const postgres: FaultDatabase = { name: 'PostgreSQL', open: createSchema }

export function environmentOf({ url }: TestDatabase): Record<string, string> {
  return url === undefined ? {} : { TESSERA_DATABASE: url }
}
