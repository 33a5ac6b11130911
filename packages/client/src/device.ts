/** What the server knows this device by. A convenience: whatever happens to it, log-in goes on without. */
import type { TokenStorage } from './storage.ts'

export interface Device {
  /** The secret of an earlier log-in, whoever it was that signed in here. */
  secret(): Promise<string | null>
  /** Keeps what a log-in was answered with. */
  keep(secret: unknown): Promise<void>
}

/** Longer than any of our servers makes one. */
const longestSecret = 512

export function createDevice(storage: TokenStorage): Device {
  return {
    secret: async () => {
      try {
        return await storage.read()
      } catch {
        return null
      }
    },
    keep: async (secret) => {
      if (typeof secret !== 'string' || secret === '' || secret.length > longestSecret) return
      try {
        await storage.write(secret)
      } catch {
        // A stranger again at the next log-in.
      }
    },
  }
}
