import { describe } from 'vitest'
import { postgres } from './databases.ts'
import { testFeed } from './feed-suite.ts'

describe('on PostgreSQL', () => {
  testFeed(postgres)
})
