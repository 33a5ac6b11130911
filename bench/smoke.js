// @ts-check
/** Whether every contender does what it is measured for: takes good tokens, refuses bad ones, and every case runs. */
import { signersOf, verifiersOf } from './contenders/libraries.js'
import { buildGroups } from './groups.js'
import { badTokens, expected, makeKeys, makeTokens, standardClaims } from './tokens.js'

const algorithms = /** @type {const} */ (['HS256', 'RS256', 'PS256', 'ES256', 'EdDSA'])

/** Prints what failed, and the line `N passed, N failed`. */
export async function smoke() {
  const checks = [...(await contenderChecks()), ...(await caseChecks())]
  const failures = []
  for (const { name, check } of checks) {
    try {
      await check()
    } catch (error) {
      failures.push(`${name}: ${error instanceof Error ? error.message : String(error)}`)
    }
  }
  for (const failure of failures) console.log(`FAILED  ${failure}`)
  console.log(`${checks.length - failures.length} passed, ${failures.length} failed`)
  if (failures.length > 0) process.exitCode = 1
}

/** @typedef {{ name: string, check: () => Promise<void> }} Check */

/** @returns {Promise<Check[]>} */
async function contenderChecks() {
  const checks = []
  for (const algorithm of algorithms) {
    const keys = await makeKeys(algorithm)
    const tokens = makeTokens(keys, standardClaims)
    const bad = Object.entries(badTokens).map(([fault, make]) => ({ fault, tokens: make(keys) }))
    const open = await verifiersOf(keys, expected)
    for (const { name, act } of open) {
      const title = `${algorithm}, ${name}`
      checks.push({ name: `${title} takes good tokens`, check: () => takesAll(act, tokens) })
      for (const { fault, tokens: refused } of bad)
        checks.push({ name: `${title} refuses: ${fault}`, check: () => refusesAll(act, refused) })
    }
    for (const { name, act } of await signersOf(keys))
      checks.push({ name: `${algorithm}, ${name} signs`, check: () => signsAll(act, open[0]?.act) })
  }
  return checks
}

/** @param {(token: string) => any} act @param {string[]} tokens */
async function takesAll(act, tokens) {
  for (const [index, token] of tokens.entries()) {
    const { sub } = await act(token)
    if (sub !== standardClaims(index).sub)
      throw new Error(`expected the claims of token ${index}, got others`)
  }
}

/** @param {(token: string) => any} act @param {string[]} tokens */
async function refusesAll(act, tokens) {
  for (const [index, token] of tokens.entries()) {
    const refused = await new Promise((resolve) => resolve(act(token))).then(
      () => false,
      () => true,
    )
    if (!refused) throw new Error(`expected a refusal of token ${index}, got claims`)
  }
}

/** What a contender signs is taken by our verifier. @param {(claims: object) => any} act @param {((token: string) => any) | undefined} verify */
async function signsAll(act, verify) {
  for (const index of [0, 63]) {
    const claims = await verify?.(await act(standardClaims(index)))
    if (claims?.sub !== standardClaims(index).sub)
      throw new Error('expected the claims that were signed, got others')
  }
}

/** Every case runs, and gives something. @returns {Promise<Check[]>} */
async function caseChecks() {
  const groups = await buildGroups(undefined)
  return groups.flatMap(({ title, cases }) =>
    cases.map(({ name, run }) => ({
      name: `${title}, ${name} runs`,
      check: async () => {
        for (const index of [0, 1, 2, 63])
          if ((await run(index)) === undefined) throw new Error('expected a result, got nothing')
      },
    })),
  )
}
