/**
 * The tables of one curve: that of its base point, and one for each of so many keys. They lie in one memory that never grows,
 * of which the system gives what is written to. A key that finds no room takes that of one which was not used for long, or
 * goes without.
 */
import type { AffinePoint, CurveInstance } from './curve-instance.ts'

/** Whether a signature is good; undefined where it has to be asked of the runtime. */
export type VerifyByTable = (
  data: Uint8Array,
  signature: Uint8Array,
  isAtOnce: boolean,
) => boolean | undefined

/** Verifies signatures of one curve. */
export interface CurveVerifier {
  readonly instance: CurveInstance
  /** What verifies under a public key, by the members of its JWK. */
  prepare(jwk: Readonly<Record<string, string>>): VerifyByTable
}

/** Tables of keys at most. */
export const mostTables = 16

/** Windows of a table, as in tools/wasm/curves/windows.ts; making one takes as long as a few verifications at most. */
export const windows = 37

/** Verifications by others that a key has to have missed before its room is taken. */
const idleVerifications = 10_000

/** A key that has a table, or is to have one. */
export interface TabledKey {
  readonly point: AffinePoint
  slot: number
  madeWindows: number
  lastUsed: number
}

export function createTabledKey(point: AffinePoint): TabledKey {
  return { point, slot: -1, madeWindows: 0, lastUsed: 0 }
}

export interface Tables {
  /** The slot of a key whose table is whole; undefined, with one window more, for one whose is not. */
  slotOf(key: TabledKey, isAtOnce: boolean): number | undefined
}

/** Makes the tables of a curve. */
export function createTables({ exports, writeKey }: CurveInstance, basePoint: AffinePoint): Tables {
  const base: TabledKey = { ...createTabledKey(basePoint), slot: 0 }
  const owners: TabledKey[] = []
  let verifications = 0

  const makeWindow = (key: TabledKey): void => {
    if (key.madeWindows === 0) writeKey(key.point)
    exports.makeWindow(key.slot, key.madeWindows)
    key.madeWindows += 1
  }

  const isWhole = ({ madeWindows }: TabledKey): boolean => madeWindows === windows

  /** Gives a key a slot, if one is to be had. */
  const takeSlot = (key: TabledKey, isUrgent: boolean): boolean => {
    if (owners.length < mostTables) {
      key.slot = owners.push(key)
      return true
    }
    const idlest = owners.reduce((one, other) => (other.lastUsed < one.lastUsed ? other : one))
    if (!isUrgent && verifications - idlest.lastUsed < idleVerifications) return false
    key.slot = idlest.slot
    owners[key.slot - 1] = key
    idlest.slot = -1
    idlest.madeWindows = 0
    return true
  }

  return {
    slotOf: (key, isAtOnce) => {
      verifications += 1
      key.lastUsed = verifications
      while (!isWhole(key) || !isWhole(base)) {
        if (!isWhole(base)) makeWindow(base)
        else if (key.slot > 0 || takeSlot(key, isAtOnce)) makeWindow(key)
        else return undefined
        if (!isAtOnce) return undefined
      }
      return key.slot
    },
  }
}
