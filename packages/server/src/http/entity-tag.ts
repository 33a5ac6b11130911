/** Entity tags (RFC 9110 §8.8.3): who has a document already is not sent it again. */
import { createHash } from 'node:crypto'
import type { Incoming } from './incoming.ts'

/** The strong tag of a content. */
export function entityTag(content: string | Uint8Array): string {
  return `"${createHash('sha256').update(content).digest('base64url').slice(0, 22)}"`
}

/** Whether a request says that its sender has what this tag names (RFC 9110 §13.1.2, compared weakly). */
export function isKnown({ headers }: Incoming, etag: string): boolean {
  const known = headers.get('if-none-match')
  return known !== null && known.split(',').some((tag) => tag.trim().replace(/^W\//, '') === etag)
}
