import { describe } from 'vitest'
import { sqlite } from './databases.ts'
import { testKills } from './kill-suite.ts'

describe('on SQLite', () => {
  testKills(sqlite)
})
