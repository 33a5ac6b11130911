/**
 * Which sessions this process rotated, and when, on a clock that nobody sets (P21): the age of a rotation is then no question of
 * what the wall clock or the database says.
 */
import type { Session } from '../store/store.ts'

type Rotation = Pick<Session, 'sid' | 'generation' | 'rotatedAtMs'>

export interface RotationMemory {
  /** Takes in a rotation that was committed. */
  note(rotation: Rotation): void
  /** How long ago this very rotation was, in milliseconds; undefined where another process made it, or it is forgotten. */
  ageMs(rotation: Rotation): number | undefined
}

/** About eight megabytes: more than are rotated within the window. */
const mostRotations = 65_536

export function createRotationMemory(
  monotonicMs: () => number,
  most: number = mostRotations,
): RotationMemory {
  const known = new Map<string, Omit<Rotation, 'sid'> & { readonly at: number }>()
  return {
    note: ({ sid, generation, rotatedAtMs }) => {
      // At the end again: the oldest is the first.
      known.delete(sid)
      known.set(sid, { generation, rotatedAtMs, at: monotonicMs() })
      if (known.size <= most) return
      for (const oldest of known.keys()) {
        known.delete(oldest)
        break
      }
    },
    ageMs: ({ sid, generation, rotatedAtMs }) => {
      const rotation = known.get(sid)
      // Another process may have rotated it since: its time says so.
      const isThis = rotation?.generation === generation && rotation.rotatedAtMs === rotatedAtMs
      return isThis ? monotonicMs() - rotation.at : undefined
    },
  }
}
