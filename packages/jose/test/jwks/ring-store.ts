/** A store of a key ring in memory, as JSON, with compare-and-set; and what can be told to go wrong with it. */
import type { KeyRingState, KeyRingStore } from '../../src/jwks/ring-state.ts'

export interface TestRingStore extends KeyRingStore {
  /** The saved text. */
  text: string | undefined
  /** What `load` and `save` throw, while it is set. */
  fault: Error | undefined
  loads: number
  saves: number
  /** Called before a save, to come in between. */
  onSave: (() => Promise<void> | void) | undefined
}

/** Makes an empty one. Every call takes a turn of the event loop, so that two processes do come in between each other. */
export function createTestRingStore(): TestRingStore {
  const store: TestRingStore = {
    text: undefined,
    fault: undefined,
    loads: 0,
    saves: 0,
    onSave: undefined,
    load: async () => {
      store.loads += 1
      await Promise.resolve()
      if (store.fault !== undefined) throw store.fault
      return store.text === undefined ? undefined : (JSON.parse(store.text) as KeyRingState)
    },
    save: async (state, expectedVersion) => {
      store.saves += 1
      await store.onSave?.()
      await Promise.resolve()
      if (store.fault !== undefined) throw store.fault
      const held = store.text === undefined ? 0 : (JSON.parse(store.text) as KeyRingState).version
      if (held !== expectedVersion) return false
      store.text = JSON.stringify(state)
      return true
    },
  }
  return store
}
