/** The vectors of the RFCs and of Wycheproof on this runtime. */
import { expect, test } from 'vitest'
import { runRfcs } from '../../rfc/rfc.js'
import { surface } from '../../source-surface.ts'
import { createTally } from '../../tally.js'
import { findVectors } from '../../vectors.js'
import { runWycheproof } from '../../wycheproof/wycheproof.js'
import { Unavailable } from '../suite/unavailable.js'

const { directory, found } = findVectors(undefined)
const tally = createTally()
if (found) {
  await runRfcs(surface, directory, tally)
  await runWycheproof(surface, directory, tally)
}

/** What the runtime lacks it cannot get right (`supports.test.ts` sees to it that it does lack it), nor the driver without Node. */
const lacking = /\bunsupported\b|\bhas no \S+$|Unavailable: needs/

for (const [group, { total }] of tally.rows) {
  test(`every vector of ${group} comes out as it must`, () => {
    const failures = tally.failures.filter((failure) => failure.group === group)
    const faults = failures.filter(({ reason }) => !lacking.test(reason))
    expect(faults.map(({ id, reason }) => `${id}: ${reason}`).join('\n')).toBe('')
    if (failures.length === total) throw new Unavailable(`has nothing of ${group}`)
  })
}
