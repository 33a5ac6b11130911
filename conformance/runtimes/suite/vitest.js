/**
 * `vitest`, as far as the tests of `@tessera/jose` use it, on any runtime. The matchers and spies are Vitest's own; what
 * needs its module graph (`vi.resetModules`, `vi.mock`) is not there.
 */
import { customMatchers, JestAsymmetricMatchers, JestChaiExpect, JestExtend } from '@vitest/expect'
import { fn, restoreAllMocks, spyOn } from '@vitest/spy'
import * as chai from 'chai'
import { Unavailable } from './unavailable.js'

export { afterAll, afterEach, beforeAll, beforeEach, describe, test, test as it } from './collect.js'

chai.use(JestExtend)
chai.use(JestChaiExpect)
chai.use(JestAsymmetricMatchers)

/** @type {any} */
export const expect = Object.assign(
  (/** @type {unknown} */ value, /** @type {string | undefined} */ message) => chai.expect(value, message),
  chai.expect,
  { poll },
)
// `toSatisfy` and the like, which are matchers of Vitest’s own.
chai.expect.extend(expect, customMatchers)

/** Asserts of what a function gives, until it holds. @param {() => unknown} read @param {{ timeout?: number }} [options] */
function poll(read, { timeout = 1000 } = {}) {
  /** @param {string} matcher @param {unknown[]} given */
  const retry = async (matcher, given) => {
    for (const end = Date.now() + timeout; ; await new Promise((resolve) => setTimeout(resolve, 10))) {
      try {
        return await expect(await read())[matcher](...given)
      } catch (error) {
        if (Date.now() > end) throw error
      }
    }
  }
  return new Proxy(
    {},
    {
      get:
        (_target, matcher) =>
        (/** @type {unknown[]} */ ...given) =>
          retry(String(matcher), given),
    },
  )
}

/** Types are the compiler's to test: every chain of this is empty. @type {any} */
export const expectTypeOf = () => emptyChain
/** @type {any} */
const emptyChain = new Proxy(() => emptyChain, { get: () => emptyChain })

/** @type {Map<string, PropertyDescriptor | undefined>} */
const stubbed = new Map()

export const vi = {
  fn,
  spyOn,
  restoreAllMocks,
  resetModules() {
    throw new Unavailable('needs modules that can be loaded again')
  },
  /** @param {string} name @param {unknown} value */
  stubGlobal(name, value) {
    if (!stubbed.has(name)) stubbed.set(name, Object.getOwnPropertyDescriptor(globalThis, name))
    Object.defineProperty(globalThis, name, { value, configurable: true, writable: true, enumerable: true })
  },
  unstubAllGlobals() {
    for (const [name, descriptor] of stubbed) {
      if (descriptor === undefined) Reflect.deleteProperty(globalThis, name)
      else Object.defineProperty(globalThis, name, descriptor)
    }
    stubbed.clear()
  },
}
