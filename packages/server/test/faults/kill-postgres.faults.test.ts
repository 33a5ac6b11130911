import { describe } from 'vitest'
import { postgres } from './databases.ts'
import { testKills } from './kill-suite.ts'

describe('on PostgreSQL', () => {
  testKills(postgres)
})
