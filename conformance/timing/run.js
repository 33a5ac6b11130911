// @ts-check
/**
 * Timing test: whether a wrong MAC can be told from another wrong MAC by the time that its refusal takes.
 *
 *     npm run test:timing -- [--samples N] [--only TEXT]
 */
import { parseArgs } from 'node:util'
import { setupOrExit } from '../../tools/setup.js'
import { engineNames, loadEngine } from '../fuzz/engines.js'
import { alike, judge } from './measure.js'
import { decryptionSubjects, hmacSubjects, identicalSubject, leakingSubject } from './subjects.js'

/** @typedef {import('./measure.js').Subject} Subject */

const { values } = parseArgs({
  options: { samples: { type: 'string', default: '10000' }, only: { type: 'string', default: '' } },
})

/** Asynchronous calls take longer, and are as quiet with fewer samples. */
const asyncShare = 4

async function main() {
  const samples = Number(values.samples)
  if (!Number.isInteger(samples) || samples < 100) throw new Error('--samples: expected a number above 100')
  await setupOrExit()
  const libraries = await availableLibraries()
  const [node] = libraries
  if (node === undefined) throw new Error('expected an engine')
  const measured = [
    ...libraries.flatMap(hmacSubjects),
    ...(await decryptionSubjects(node)),
    identicalSubject(node),
  ]
  console.log(
    `|t| of Welch's test, the first octet wrong, or all of them at random, against the last one; alike below ${alike}\n`,
  )
  const counts = { passed: 0, failed: 0 }
  const control = leakingSubject(node)
  for (const subject of [control, ...measured].filter(({ name }) => name.includes(values.only))) {
    const isRight = await print(subject, samples, subject === control)
    counts[isRight ? 'passed' : 'failed'] += 1
  }
  console.log(`\n${counts.passed} passed, ${counts.failed} failed`)
  return counts.failed > 0 ? 1 : 0
}

/** Every engine that this runtime and this build have. */
async function availableLibraries() {
  const libraries = []
  for (const name of engineNames) {
    try {
      libraries.push(await loadEngine(name))
    } catch (error) {
      console.log(`not measured: ${error instanceof Error ? error.message : String(error)}`)
    }
  }
  return libraries
}

/** @param {Subject} subject @param {number} samples @param {boolean} mustLeak @returns {Promise<boolean>} */
async function print(subject, samples, mustLeak) {
  const { leaks, rounds } = await judge(subject, subject.isAsync ? Math.ceil(samples / asyncShare) : samples)
  const isRight = leaks === mustLeak
  const figures = rounds.map(({ t, samples: size, meanDifference, kept }) => {
    const difference = `${meanDifference.toFixed(1)} ns`
    return `t ${t.toFixed(2)} (2 x ${size}, ${Math.round(kept * 100)} % kept, ${difference})`
  })
  const verdict = leaks ? 'can be told apart' : 'alike'
  console.log(`${isRight ? 'ok    ' : 'FAILED'} ${subject.name.padEnd(36)} ${verdict}: ${figures.join('; ')}`)
  return isRight
}

try {
  process.exitCode = await main()
} catch (error) {
  console.error(`timing: ${error instanceof Error ? error.message : String(error)}`)
  process.exitCode = 2
}
