import { expect, test } from 'vitest'
import { readAttacks } from './conformance.js'
import { runAttacks } from './attacks/attacks.js'
import { surface } from './source-surface.ts'
import { createTally } from './tally.js'
import { findVectors, usualVectorCount } from './vectors.js'

const { directory, found } = findVectors(undefined)
const { jose } = surface

/** The groups of the corpus, driven; none where the folder is absent. */
async function driveCorpus() {
  const tally = createTally()
  if (found) await runAttacks(jose, readAttacks(directory), tally)
  else console.warn(`No folder of vectors at ${directory}: ${usualVectorCount} vectors were left out.`)
  return tally
}

const { rows, failures, sum } = await driveCorpus()
const driven = [...rows].filter(([, row]) => row.total > row.skipped)

test.for(driven)('every entry of %s comes out as it must', ([group, row]) => {
  expect(failures.filter((failure) => failure.group === group)).toEqual([])
  expect(row.passed + row.skipped).toBe(row.total)
})

test('the attack corpus is driven wherever its folder is', () => {
  expect(sum().passed > 400).toBe(found)
})
