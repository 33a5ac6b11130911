import { describe } from 'vitest'
import { openTestStore } from './open-test-database.ts'
import { testStoreContract } from './store-contract.ts'

describe('PostgreSQL', () => {
  testStoreContract(openTestStore)
})
