/** Public documents: made once for each change, then sent as they are. Any page may read them (RFC 9700 §2.6). */
import type { Answer } from './answer.ts'
import { entityTag, isKnown } from './entity-tag.ts'
import type { Incoming } from './incoming.ts'

export interface PublicDocument {
  /** JSON. */
  readonly text: string
  /** How long whoever has it may go without asking again. */
  readonly maxAgeSeconds: number
}

interface Made extends PublicDocument {
  readonly etag: string
  readonly whole: Answer
  readonly notModified: Answer
}

/** @param read The document as it is now; asked at every request, so it must cost nothing. */
export function createPublicDocument(read: () => PublicDocument): (request: Incoming) => Answer {
  let made: Made | undefined
  return (request) => {
    const { text, maxAgeSeconds } = read()
    if (made?.text !== text || made.maxAgeSeconds !== maxAgeSeconds) made = make(text, maxAgeSeconds)
    return isKnown(request, made.etag) ? made.notModified : made.whole
  }
}

function make(text: string, maxAgeSeconds: number): Made {
  const etag = entityTag(text)
  const headers = Object.freeze({
    'content-type': 'application/json',
    'cache-control': `public, max-age=${maxAgeSeconds}`,
    etag,
    'access-control-allow-origin': '*',
  })
  const whole = { status: 200, headers, body: text }
  return { text, maxAgeSeconds, etag, whole, notModified: { status: 304, headers, body: null } }
}
