import { describe, expect, test } from 'vitest'
import { readAttacks } from './conformance.js'
import { runAttacks } from './attacks.js'
import { surface } from './source-surface.ts'
import { createTally } from './tally.js'
import { findVectors, usualVectorCount } from './vectors.js'

const { directory, found } = findVectors(undefined)
const { jose } = surface

if (found) {
  const tally = createTally()
  await runAttacks(jose, readAttacks(directory), tally)
  const rows = [...tally.rows].filter(([, row]) => row.total > row.skipped)

  describe('the attack corpus', () => {
    test.for(rows)('every entry of %s comes out as it must', ([group, row]) => {
      const reasons = tally.failures.filter((failure) => failure.group === group)
      expect(reasons).toEqual([])
      expect(row.passed + row.skipped).toBe(row.total)
    })

    test('is driven and not passed over', () => {
      expect(tally.sum().passed).toBeGreaterThan(400)
    })
  })
} else {
  test('the attack corpus is left out where its folder is absent, and says so', () => {
    console.warn(`No folder of vectors at ${directory}: ${usualVectorCount} vectors were left out.`)
    expect(usualVectorCount).toBeGreaterThan(0)
  })
}
