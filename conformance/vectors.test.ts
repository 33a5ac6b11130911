/** The examples of the RFCs, the cookbook and Wycheproof on the sources: as `npm run conformance` does on the built library. */
import { expect, test } from 'vitest'
import { runRfcs } from './rfc/rfc.js'
import { surface } from './source-surface.ts'
import { createTally } from './tally.js'
import { findVectors } from './vectors.js'
import { runWycheproof } from './wycheproof/wycheproof.js'

const { directory, found } = findVectors(undefined)

/** Why a vector may be left out; any other reason is a gap. */
const written = [
  /^RSA1_5 is refused on purpose/,
  /^this runtime has no ML-DSA-/,
  /^the RFC gives no key for it$/,
  /^a signature whose alg nothing protects is refused on purpose/,
]

async function driveVectors() {
  const tally = createTally()
  if (found) {
    await runRfcs(surface, directory, tally)
    await runWycheproof(surface, directory, tally)
  }
  return tally
}

const { rows, failures, skips, sum } = await driveVectors()

test.for([...rows.keys()])('every vector of %s comes out as it must', (group) => {
  expect(failures.filter((failure) => failure.group === group)).toEqual([])
})

test('what is left out is on the written list', () => {
  expect(skips.filter(({ reason }) => !written.some((known) => known.test(reason)))).toEqual([])
})

test('the vectors are driven wherever their folder is', () => {
  expect(sum().passed > 2000).toBe(found)
})
