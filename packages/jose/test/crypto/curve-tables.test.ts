/** Which keys have a table, and when it is made. */
import { expect, test } from 'vitest'
import type { AffinePoint, CurveInstance } from '../../src/crypto/curve-instance.ts'
import { createTabledKey, createTables, mostTables, windows } from '../../src/crypto/curve-tables.ts'

/** An instance that writes down what is asked of it. */
function createWitness() {
  const made: { readonly slot: number; readonly window: number }[] = []
  const keys: AffinePoint[] = []
  const instance = {
    exports: { makeWindow: (slot: number, window: number) => void made.push({ slot, window }) },
    writeKey: (point: AffinePoint) => void keys.push(point),
  } as unknown as CurveInstance
  return { made, keys, instance }
}

const point = (x: number): AffinePoint => ({ x: BigInt(x), y: 1n })
const allWindows = Array.from({ length: windows }, (_, window) => window)

test('one window is made at each verification: those of the base point first, then those of the key', () => {
  const { made, keys, instance } = createWitness()
  const tables = createTables(instance, point(0))
  const key = createTabledKey(point(7))
  for (let count = 1; count <= 2 * windows; count += 1) {
    expect(tables.slotOf(key, false)).toBeUndefined()
    expect(made).toHaveLength(count)
  }
  expect(tables.slotOf(key, false)).toBe(1)
  expect(made).toEqual([0, 1].flatMap((slot) => allWindows.map((window) => ({ slot, window }))))
  expect(keys).toEqual([point(0), point(7)])
})

test('a table at once is whole at the first verification', () => {
  const { made, instance } = createWitness()
  const tables = createTables(instance, point(0))
  expect(tables.slotOf(createTabledKey(point(7)), true)).toBe(1)
  expect(tables.slotOf(createTabledKey(point(8)), true)).toBe(2)
  expect(made).toHaveLength(3 * windows)
})

test('sixteen keys have a table; another goes without until one of them was not used for 10,000 verifications', () => {
  const { made, instance } = createWitness()
  const tables = createTables(instance, point(0))
  const idle = createTabledKey(point(1))
  const busy = Array.from({ length: mostTables - 1 }, (_, index) => createTabledKey(point(index + 2)))
  for (const key of [idle, ...busy]) tables.slotOf(key, true)
  const late = createTabledKey(point(99))
  made.length = 0
  let verifications = 0
  while (late.slot < 0 && verifications < 20_000) {
    for (const key of [...busy, late]) tables.slotOf(key, false)
    verifications += mostTables
  }
  expect(verifications).toBeGreaterThanOrEqual(10_000)
  expect(verifications).toBeLessThan(10_000 + 2 * mostTables)
  expect(late.slot).toBe(1)
  expect(idle).toMatchObject({ slot: -1, madeWindows: 0 })
  while (tables.slotOf(late, false) === undefined);
  expect(made).toEqual(allWindows.map((window) => ({ slot: 1, window })))
  expect(busy.map((key) => tables.slotOf(key, false))).toEqual(busy.map((_, index) => index + 2))
  // The one that lost its room goes without now, and nobody's is taken for it.
  expect(tables.slotOf(idle, false)).toBeUndefined()
  expect(idle.slot).toBe(-1)
})
