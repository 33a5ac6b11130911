import { describe } from 'vitest'
import { testAccountContract } from './account-contract.ts'
import { testClientContract } from './client-contract.ts'
import { openTestStore } from './open-test-database.ts'
import { testSecretContract } from './secret-contract.ts'
import { testStoreContract } from './store-contract.ts'

describe('PostgreSQL', () => {
  testStoreContract(openTestStore)
  testClientContract(openTestStore)
  testAccountContract(openTestStore)
  testSecretContract(openTestStore)
})
