import { defineConfig } from 'vitest/config'

// Tests run on source: the `@tessera/source` condition of every package's exports points at src/.
const conditions = ['@tessera/source', 'module', 'node', 'development|production']

export default defineConfig({
  resolve: { conditions },
  ssr: { resolve: { conditions, externalConditions: conditions } },
  test: {
    include: [
      'packages/*/test/**/*.test.ts',
      'apps/*/test/**/*.test.ts',
      'conformance/**/*.test.ts',
      'tools/test/**/*.test.ts',
      'examples/test/**/*.test.ts',
    ],
    exclude: [
      '**/node_modules/**',
      '**/*.browser.test.ts',
      '**/*.postgres.test.ts',
      '**/*.faults.test.ts',
      '**/*.fuzz.test.ts',
      '**/interop/**',
      '**/.consumer/**',
    ],
    pool: 'forks',
    isolate: false,
    // Vitest leaves a core free, which on two cores is half the machine.
    maxWorkers: 2,
    // No test is about time: this only ends one that hangs, on a machine that is busy with something else.
    testTimeout: 60_000,
    hookTimeout: 60_000,
  },
})
