/** The tokens of one session, and the arithmetic of their life. All times here are on the monotonic clock. */
import type { Clock } from './clock.ts'

/** A token response of the issuer (RFC 6749 §5.1), checked. */
export interface TokenResponse {
  readonly accessToken: string
  readonly refreshToken: string
  readonly expiresInSeconds: number
  readonly scope: string
  readonly sessionId: string
}

/** A token response with its place in time and the retry key of its refresh token. */
export interface TokenSet extends TokenResponse {
  /** Monotonic; from here on the token is due to be replaced, though still good. */
  readonly dueMs: number
  /** Monotonic; from here on the token is not sent any more. */
  readonly deadMs: number
  /** Wall clock at which the token was asked for. Only a later page reads it. */
  readonly askedWallMs: number
  /** Where in its life the token falls due: uniformly random from 0.7 to 0.9, drawn anew for each token. */
  readonly dueFraction: number
  /** The `Idempotency-Key` of this refresh token, once the first refresh is about to be sent. */
  readonly retryKey?: string
}

const earliestDue = 0.7
const latestDue = 0.9

/**
 * Places a fresh token response in time. The life is counted from the moment the request was sent, which is before the
 * issuer began to count, so that the client's idea of the end is never the later one.
 *
 * The random point matters: a thief who runs the same software cannot keep in step with the owner.
 */
export function placeTokens(
  tokens: TokenResponse,
  asked: { readonly monotonicMs: number; readonly wallMs: number },
  random: () => number,
): TokenSet {
  const lifeMs = tokens.expiresInSeconds * 1000
  const dueFraction = earliestDue + (latestDue - earliestDue) * random()
  return {
    ...tokens,
    dueFraction,
    dueMs: asked.monotonicMs + lifeMs * dueFraction,
    deadMs: asked.monotonicMs + lifeMs,
    askedWallMs: asked.wallMs,
  }
}

/** The text that a storage keeps. */
export function writeTokens(tokens: TokenSet): string {
  const { dueMs: _due, deadMs: _dead, ...kept } = tokens
  return JSON.stringify({ version: 1, ...kept })
}

/**
 * Reads what an earlier page, another tab or this client has stored. The monotonic clock of another page means nothing
 * here, so the age comes from the wall clock, and is read with care: an age below zero counts as a whole life, and the
 * last tenth of the life is not used.
 *
 * @returns `null` for text that is not a session.
 */
export function readTokens(text: string | null, clock: Clock): TokenSet | null {
  const kept = text === null ? null : parseRecord(text)
  if (kept === null) return null
  const lifeMs = kept.expiresInSeconds * 1000
  const ageMs = clock.wallMs() - kept.askedWallMs
  const bornMs = clock.monotonicMs() - (ageMs < 0 ? lifeMs : ageMs)
  return { ...kept, dueMs: bornMs + lifeMs * kept.dueFraction, deadMs: bornMs + lifeMs * latestDue }
}

type Kept = Omit<TokenSet, 'dueMs' | 'deadMs'>

function parseRecord(text: string): Kept | null {
  let record: unknown
  try {
    record = JSON.parse(text)
  } catch {
    return null
  }
  if (typeof record !== 'object' || record === null) return null
  const { version, retryKey, ...kept } = record as Record<string, unknown>
  const texts = [kept['accessToken'], kept['refreshToken'], kept['scope'], kept['sessionId']]
  const numbers = [kept['expiresInSeconds'], kept['askedWallMs'], kept['dueFraction']]
  if (version !== 1 || !texts.every((value) => typeof value === 'string')) return null
  if (!numbers.every((value) => Number.isFinite(value))) return null
  return (typeof retryKey === 'string' ? { ...kept, retryKey } : kept) as unknown as Kept
}
