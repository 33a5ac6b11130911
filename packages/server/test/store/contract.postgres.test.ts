import * as vitest from 'vitest'
import { testStore } from '../../src/store/contract/store-contract.ts'
import { openTestStore } from './open-test-database.ts'

vitest.describe('PostgreSQL', () => testStore(openTestStore, vitest))
