/** The library as it is where there is no `node:crypto`, loaded anew. WebCrypto does the work then, as in a browser. */
import { vi } from 'vitest'

/** The modules that `load` imports, as they are on a runtime with WebCrypto alone. */
export async function loadPortable<T>(load: () => Promise<T>): Promise<T> {
  vi.resetModules()
  const builtin = vi.spyOn(process, 'getBuiltinModule').mockReturnValue(undefined)
  try {
    return await load()
  } finally {
    builtin.mockRestore()
    vi.resetModules()
  }
}
