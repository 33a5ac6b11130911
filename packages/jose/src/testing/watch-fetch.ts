/** Notices a verifier that goes where a token sends it. */

/** The hosts that the tokens of the corpus name; nobody answers at any of them. */
const lures: ReadonlySet<string> = new Set(['attacker.invalid', '169.254.169.254'])

/** A watch over the global `fetch`. */
export interface FetchWatch {
  /** The addresses asked for since the last look. */
  take(): readonly string[]
  end(): void
}

/** Lets every request pass but those to the corpus's own hosts, which it writes down and lets fail. */
export function watchFetch(): FetchWatch {
  const original = globalThis.fetch
  let seen: string[] = []
  globalThis.fetch = (input, init) => {
    const address = input instanceof Request ? input.url : String(input)
    const isLure =
      address.startsWith('file:') || (URL.canParse(address) && lures.has(new URL(address).hostname))
    if (!isLure) return original(input, init)
    seen.push(address)
    return Promise.reject(new TypeError('fetch failed'))
  }
  return {
    take: () => {
      const addresses = seen
      seen = []
      return addresses
    },
    end: () => {
      globalThis.fetch = original
    },
  }
}
