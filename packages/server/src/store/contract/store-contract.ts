/**
 * `@tessera/server/store-contract`: what every store must do, as tests that take a store. A store of another database that passes
 * them can be given to the server (`openStore`); ours pass them on SQLite and PostgreSQL.
 */
import type { Store } from '../store.ts'
import { testAccounts } from './account-contract.ts'
import { testAudit } from './audit-contract.ts'
import { testClients } from './client-contract.ts'
import { testDroppedSecrets } from './dropped-secret-contract.ts'
import { testFeed } from './feed-contract.ts'
import { testSecrets } from './secret-contract.ts'
import { testSessions } from './session-contract.ts'
import type { TestRunner } from './test-runner.ts'

export type * from '../store.ts'
export { StoreError } from '../store-error.ts'
export type { StorePhase } from '../store-error.ts'
export type { Expect, Matchers, Rejections, TestRunner } from './test-runner.ts'

/**
 * Declares the contract's tests.
 *
 * @param open makes a new, empty store; each test closes its own
 * @param runner a test runner's functions, such as those of Vitest: `import * as vitest from 'vitest'`
 */
export function testStore(open: () => Promise<Store>, runner: TestRunner): void {
  const parts = [
    testSessions,
    testFeed,
    testSecrets,
    testDroppedSecrets,
    testAccounts,
    testClients,
    testAudit,
  ]
  for (const part of parts) part(open, runner)
}
