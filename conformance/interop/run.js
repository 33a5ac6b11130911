// @ts-check
/**
 * Interop: PyJWT and npm `jose` verify our tokens, and we verify theirs; what the attack corpus finds in others.
 *
 *     npm run test:interop
 */
import { setupOrExit } from '../../tools/setup.js'
import { createChecks } from './checks.js'
import { installNpmPeers } from './peers.js'

await setupOrExit()
const checks = createChecks()
await checks.check('npm peers are installed', installNpmPeers)

/** Loaded after set-up, which builds what they import. @type {[string, () => Promise<(checks: any) => Promise<void>>][]} */
const suites = [
  ['PyJWT', async () => (await import('./with-pyjwt.js')).checkWithPyJwt],
  ['npm jose', async () => (await import('./with-jose.js')).checkWithJose],
  ['the attack corpus', async () => (await import('./with-attack-corpus.js')).checkAttackCorpus],
  ['the running server', async () => (await import('./with-running-server.js')).checkRunningServer],
]
for (const [name, load] of suites) {
  try {
    await (
      await load()
    )(checks)
  } catch (error) {
    await checks.check(`${name}: the suite runs to its end`, () => Promise.reject(error))
  }
}
const { passed, failed } = checks.counts
console.log(`\n${passed} passed, ${failed} failed`)
process.exitCode = failed > 0 ? 1 : 0
