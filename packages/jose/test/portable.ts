/**
 * The library as it is where there is no `node:crypto`: loaded anew while the runtime looks like workerd, whose
 * `node:crypto` is passed over. WebCrypto does the work then, through the same code as in a browser.
 */
import { vi } from 'vitest'

/** The modules that `load` imports, as they are on a runtime with WebCrypto alone. */
export async function loadPortable<T>(load: () => Promise<T>): Promise<T> {
  const place = globalThis as { WebSocketPair?: unknown }
  vi.resetModules()
  place.WebSocketPair = class {}
  try {
    return await load()
  } finally {
    delete place.WebSocketPair
    vi.resetModules()
  }
}
