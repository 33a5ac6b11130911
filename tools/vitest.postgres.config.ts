import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vitest/config'
import base from '../vitest.config.ts'

/** The store contract, and every test of the server that takes a store, on the PostgreSQL of `TESSERA_TEST_DATABASE`. */
export default defineConfig({
  ...base,
  root: fileURLToPath(new URL('..', import.meta.url)),
  test: {
    ...base.test,
    include: [
      'packages/server/test/**/*.postgres.test.ts',
      'packages/server/test/{accounts,parts,routes,sessions,tokens}/**/*.test.ts',
      'packages/server/test/{flow,oauth4webapi}.test.ts',
    ],
    exclude: ['**/node_modules/**'],
  },
})
