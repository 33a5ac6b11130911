/**
 * Secrets of clients. They are made here and never chosen by people: 256 random bits cannot be guessed, so a plain
 * digest keeps them as well as a slow hash would, and costs a service nothing at each of its requests.
 */
import { createHash, randomBytes, timingSafeEqual } from 'node:crypto'

/** A new secret. The prefix lets scanners of leaked secrets know it. */
export function makeClientSecret(): string {
  return `cs_${randomBytes(32).toString('base64url')}`
}

/** What the store keeps of a secret. */
export function hashClientSecret(secret: string): string {
  return createHash('sha256').update(secret).digest('base64url')
}

const nobody = hashClientSecret('')

/** Whether a secret is the one of this hash. Without a hash the same work is done in vain. */
export function isClientSecret(secret: string, hash: string | null): boolean {
  const isEqual = timingSafeEqual(Buffer.from(hashClientSecret(secret)), Buffer.from(hash ?? nobody))
  return isEqual && hash !== null
}
