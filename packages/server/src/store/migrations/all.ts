/** Every migration in the order in which they are applied. Forward only: a released one is never edited or removed. */
import { initial } from './0001-initial.ts'

export interface Migration {
  readonly name: string
  readonly sqlite: string
}

export const migrations: readonly Migration[] = [initial]
