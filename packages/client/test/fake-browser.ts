import { memoryStorage, webStorage, type Locks, type TokenStorage } from '@tessera/client'

/** A `Storage` in memory, such as all tabs of one origin share. */
export function createWebStorage(): Storage {
  const kept = new Map<string, string>()
  return {
    get length() {
      return kept.size
    },
    key: (index) => [...kept.keys()][index] ?? null,
    getItem: (key) => kept.get(key) ?? null,
    setItem: (key, text) => void kept.set(key, text),
    removeItem: (key) => void kept.delete(key),
    clear: () => kept.clear(),
  }
}

/** Web Locks as the tabs of one browser share them. */
export function createLocks(): Locks & { readonly held: () => boolean } {
  const last = new Map<string, Promise<unknown>>()
  /** Of each name, those who hold it or wait for it. */
  const waiting = new Map<string, number>()
  let holders = 0
  return {
    held: () => holders > 0,
    request(name, { ifAvailable = false }, task) {
      if (ifAvailable && waiting.has(name)) return task(null)
      waiting.set(name, (waiting.get(name) ?? 0) + 1)
      const turn = (last.get(name) ?? Promise.resolve()).then(async () => {
        holders++
        try {
          return await task({})
        } finally {
          holders--
          const left = (waiting.get(name) ?? 1) - 1
          if (left > 0) waiting.set(name, left)
          else waiting.delete(name)
        }
      })
      last.set(
        name,
        turn.catch(() => {}),
      )
      return turn
    },
  }
}

/** A storage whose every call takes a turn, like IndexedDB. */
export function asyncStorage(): TokenStorage {
  const kept = memoryStorage()
  return {
    read: async () => kept.read(),
    write: async (text) => kept.write(text),
    remove: async () => kept.remove(),
  }
}

export { webStorage }
