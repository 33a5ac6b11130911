import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vitest/config'
import base from '../vitest.config.ts'

/** Every endpoint of the server under generated requests, on SQLite or on the PostgreSQL of `TESSERA_TEST_DATABASE`. */
export default defineConfig({
  ...base,
  root: fileURLToPath(new URL('..', import.meta.url)),
  test: {
    ...base.test,
    include: ['packages/server/test/fuzz/*.fuzz.test.ts'],
    exclude: ['**/node_modules/**'],
  },
})
