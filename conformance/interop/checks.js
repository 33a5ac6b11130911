// @ts-check
/** Counts and prints checks. */

/** @typedef {ReturnType<typeof createChecks>} Checks */

export function createChecks() {
  const counts = { passed: 0, failed: 0 }
  return {
    counts,
    /**
     * Runs one check; it passes unless it throws.
     *
     * @param {string} title
     * @param {() => unknown} check
     */
    async check(title, check) {
      try {
        await check()
        counts.passed += 1
        console.log(`ok      ${title}`)
      } catch (error) {
        counts.failed += 1
        console.log(`FAILED  ${title}\n        ${error instanceof Error ? error.message : String(error)}`)
      }
    },
  }
}

/** @param {unknown} got @param {unknown} expected @param {string} what */
export function expectSame(got, expected, what) {
  const [left, right] = [JSON.stringify(got), JSON.stringify(expected)]
  if (left !== right) throw new Error(`${what}: expected ${right}, got ${left}`)
}

/**
 * Expects a refusal with this code of ours, or with any error when none is named.
 *
 * @param {() => unknown} call
 * @param {string} [code]
 */
export async function expectRefused(call, code) {
  try {
    await call()
  } catch (error) {
    const got = /** @type {{ code?: string }} */ (error).code
    if (code !== undefined && got !== code) throw new Error(`expected ${code}, got ${got ?? String(error)}`)
    return
  }
  throw new Error('expected a refusal, got acceptance')
}

/** The token with one character of its claims changed. @param {string} token */
export function changed(token) {
  const at = token.indexOf('.') + 10
  return `${token.slice(0, at)}${token[at] === 'A' ? 'B' : 'A'}${token.slice(at + 1)}`
}

/** The port that a server listens on. @param {import('node:net').Server} server */
export function portOf(server) {
  const address = server.address()
  if (address === null || typeof address === 'string')
    throw new Error('expected a server that listens on a port')
  return address.port
}
