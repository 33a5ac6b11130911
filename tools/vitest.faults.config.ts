import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vitest/config'
import base from '../vitest.config.ts'

/** Crashes, outages and races of the built server, on a file and on the PostgreSQL of `TESSERA_TEST_DATABASE`. */
export default defineConfig({
  ...base,
  root: fileURLToPath(new URL('..', import.meta.url)),
  test: {
    ...base.test,
    include: ['packages/server/test/faults/*.faults.test.ts'],
    exclude: ['**/node_modules/**'],
    // Most of them wait: for an outage to pass, for a process to start.
    maxWorkers: 4,
    maxConcurrency: 16,
  },
})
