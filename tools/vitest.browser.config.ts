import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vitest/config'
import base from '../vitest.config.ts'

/** The tests that need a browser: `*.browser.test.ts`, on the built server and console. */
export default defineConfig({
  ...base,
  root: fileURLToPath(new URL('..', import.meta.url)),
  test: {
    ...base.test,
    include: ['packages/*/test/**/*.browser.test.ts', 'apps/*/test/**/*.browser.test.ts'],
    exclude: ['**/node_modules/**'],
    // A page mostly waits: for a server, for an answer to be drawn.
    maxWorkers: 2,
    // Three tabs and a server on two busy cores: a tab can lose its turn. What fails twice is a fault.
    retry: 1,
    testTimeout: 120_000,
    hookTimeout: 120_000,
  },
})
