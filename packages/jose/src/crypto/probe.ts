/** What the runtime can do, found by trying it once: version numbers and `SubtleCrypto.supports` tell it for some alone. */

const found = new Map<string, Promise<boolean>>()

/** Whether an attempt succeeds; what is known by its name is not tried again. */
export function probe(name: string, attempt: () => Promise<unknown>): Promise<boolean> {
  const known = found.get(name)
  if (known !== undefined) return known
  const answer = tried(attempt)
  found.set(name, answer)
  return answer
}

async function tried(attempt: () => Promise<unknown>): Promise<boolean> {
  try {
    await attempt()
    return true
  } catch {
    return false
  }
}
