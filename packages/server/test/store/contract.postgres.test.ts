import { describe } from 'vitest'
import { testClientContract } from './client-contract.ts'
import { openTestStore } from './open-test-database.ts'
import { testStoreContract } from './store-contract.ts'

describe('PostgreSQL', () => {
  testStoreContract(openTestStore)
  testClientContract(openTestStore)
})
