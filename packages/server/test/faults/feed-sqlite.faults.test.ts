import { describe } from 'vitest'
import { sqlite } from './databases.ts'
import { testFeed } from './feed-suite.ts'

describe('on SQLite', () => {
  testFeed(sqlite)
})
