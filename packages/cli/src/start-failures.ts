/** How a server that cannot start, or a store that cannot be opened, ends a command. */
import type { StartErrorCode } from '@tessera/server'
import type { Failure } from './fault.ts'

export const startFailures: Readonly<Record<StartErrorCode, Failure>> = {
  config_invalid: 'usage',
  secret_missing: 'usage',
  database_unusable: 'unreachable',
  database_older: 'unreachable',
  database_foreign: 'unreachable',
  bundle_refused: 'usage',
  address_unusable: 'unreachable',
}
