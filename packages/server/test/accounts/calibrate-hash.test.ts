import { expect, test } from 'vitest'
import { calibrateHash } from '../../src/accounts/calibrate-hash.ts'
import type { HashParameters } from '../../src/config/hash-parameters.ts'
import { checkHashParameters } from '../../src/config/hash-parameters.ts'

/** A machine whose time grows with the work: so many milliseconds for the least parameters. */
function machine(leastMs: number) {
  const measured: HashParameters[] = []
  const measure = async (parameters: HashParameters): Promise<number> => {
    measured.push(parameters)
    return (leastMs * parameters.memoryKib * parameters.passes) / (19_456 * 2)
  }
  return { measured, measure }
}

test('spends the time on memory first', async () => {
  const { measure } = machine(20)
  const { parameters, milliseconds } = await calibrateHash({
    targetMs: 100,
    mostMemoryKib: 262_144,
    measure,
  })
  expect(parameters).toEqual({ memoryKib: 97_280, passes: 2, lanes: 1 })
  expect(milliseconds).toBeLessThanOrEqual(100)
})

test('spends on passes what is left when there is no more memory', async () => {
  const { measure } = machine(20)
  const { parameters, milliseconds, poolMemoryKib, concurrency } = await calibrateHash({
    targetMs: 100,
    mostMemoryKib: 32_768,
    measure,
  })
  expect(parameters).toEqual({ memoryKib: 32_768, passes: 5, lanes: 1 })
  expect(milliseconds).toBeLessThanOrEqual(100)
  expect(poolMemoryKib).toBeGreaterThan(32_768 * concurrency)
})

test.each([
  ['a machine that is too slow', { targetMs: 100, mostMemoryKib: 262_144 }, 400],
  ['less memory than the least takes', { targetMs: 30, mostMemoryKib: 1024 }, 25],
])('never goes below m=19456, t=2, p=1: %s', async (_kind, options, leastMs) => {
  const { measure } = machine(leastMs)
  const { parameters, leastMilliseconds } = await calibrateHash({ ...options, measure })
  expect(parameters).toEqual({ memoryKib: 19_456, passes: 2, lanes: 1 })
  expect(leastMilliseconds).toBe(leastMs)
})

test('a machine that answers otherwise than its work lets expect is approached, and left after a few steps', async () => {
  const { measured, measure } = machine(20)
  const uneven = async (parameters: HashParameters): Promise<number> =>
    (await measure(parameters)) * (parameters.memoryKib > 30_000 ? 3 : 1)
  const { parameters, milliseconds } = await calibrateHash({
    targetMs: 100,
    mostMemoryKib: 262_144,
    measure: uneven,
  })
  expect(milliseconds).toBeLessThanOrEqual(100)
  expect(parameters.memoryKib).toBeGreaterThan(19_456)
  expect(measured.length).toBeLessThan(20)
})

test('what it finds is what a server takes', async () => {
  for (const leastMs of [0.01, 1, 7, 33, 250, 5000]) {
    const { parameters } = await calibrateHash({ targetMs: 250, measure: machine(leastMs).measure })
    const { memoryKib, passes, lanes } = parameters
    expect(checkHashParameters({ hashMemoryKib: memoryKib, hashPasses: passes, hashLanes: lanes })).toEqual(
      parameters,
    )
  }
})
