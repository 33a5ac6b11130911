/**
 * One document of an issuer's revocation feed: verified, and taken for news only when it answers what was asked and is not
 * older than what is known. A feed that is replayed, frozen or of somebody else is no contact with the issuer.
 */
import { createVerifier, JoseError } from '@tessera/jose'
import type { ClaimsSet, KeySet } from '@tessera/jose'
import type { Revocation } from '../revocations.ts'

/** A document that may be taken for news. */
export interface FeedDocument {
  readonly entries: readonly Revocation[]
  readonly epoch: string
  /** The cursor to go on from. */
  readonly next: string
  /** Whether there is more to read before one knows all. */
  readonly more: boolean
  /** When the issuer began to read, as NumericDate. */
  readonly issuedAt: number
}

export interface DocumentReader {
  /**
   * The document of a text.
   *
   * @param asked the cursor that was sent; undefined for the beginning
   * @throws {JoseError} any token code of a document that is not the issuer's, or not for this question
   */
  read(text: string, asked: string | undefined): Promise<FeedDocument>
}

export interface DocumentReaderOptions {
  readonly issuer: string
  readonly keys: KeySet
  /** The wall clock, in seconds. */
  readonly now: () => number
}

export function createDocumentReader({ issuer, keys, now }: DocumentReaderOptions): DocumentReader {
  const audience = `${issuer.replace(/\/$/, '')}/revocations`
  const verifier = createVerifier({
    issuer,
    audience,
    keys,
    typ: 'tessera-revocations+jwt',
    required: ['iat'],
    now,
    // Clocks of issuer and guard differ; freshness has a rule of its own.
    clockToleranceSeconds: 60,
  })
  let newest = -Infinity
  return {
    read: async (text, asked) => {
      const { claims } = await verifier.verify(text)
      const document = parse(claims)
      if ((claims['since'] ?? undefined) !== asked) throw stale('the answer to another question')
      if (document.issuedAt < newest) throw stale('one that is older than the last')
      newest = document.issuedAt
      return document
    },
  }
}

function parse(claims: ClaimsSet): FeedDocument {
  const { iat, epoch, next, more, entries } = claims as { [name: string]: unknown }
  const isWhole =
    typeof iat === 'number' &&
    typeof epoch === 'string' &&
    typeof next === 'string' &&
    typeof more === 'boolean' &&
    Array.isArray(entries)
  if (!isWhole) throw new JoseError('malformed', 'feed document: expected iat, epoch, next, more and entries')
  return { issuedAt: iat, epoch, next, more, entries: entries.flatMap(parseEntry) }
}

/** What this version does not know is passed over: a later issuer may tell more. */
function parseEntry(value: unknown): readonly Revocation[] {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw new JoseError('malformed', 'feed document: expected entries to be objects')
  return 'sid' in value || 'jti' in value || 'kid' in value ? [value as Revocation] : []
}

function stale(got: string): JoseError {
  return new JoseError('replayed', `feed document: expected the answer to this request, got ${got}`)
}
