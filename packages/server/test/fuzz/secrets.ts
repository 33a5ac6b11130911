/** Texts that nobody but who sent or got them may see. */
import { randomBytes } from 'node:crypto'

export interface Secrets {
  keep(text: string): string
  /** A new one. */
  make(prefix: string): string
  /** The latest of them: older ones went through without being told. */
  all(): Iterable<string>
}

const most = 300

export function createSecrets(): Secrets {
  const kept = new Set<string>()
  const keep = (text: string): string => {
    kept.delete(text)
    kept.add(text)
    const [oldest] = kept
    if (kept.size > most && oldest !== undefined) kept.delete(oldest)
    return text
  }
  return {
    keep,
    make: (prefix) => keep(`${prefix}${randomBytes(18).toString('base64url')}`),
    all: () => kept,
  }
}
