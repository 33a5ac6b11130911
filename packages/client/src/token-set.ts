/** The tokens of one session, and the arithmetic of their life. All times here are on the monotonic clock. */
/**
 * How the refresh token travels: in bodies, through this library's hands, or in a cookie that no script can read. A session
 * stays what it was begun as.
 */
export type Transport = 'body' | 'cookie'

/** A token response of the issuer (RFC 6749 §5.1), checked. */
export interface TokenResponse {
  /** Empty where another page began the session and this one has not refreshed yet (cookie mode). */
  readonly accessToken: string
  /** Empty in cookie mode, where the browser keeps it. */
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

/** Where in its life a token may fall due, and after which one that was stored is not used. */
export const earliestDue = 0.7
export const latestDue = 0.9

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

/** Whether both are of one session, from one refresh. */
export function isSameSet(one: TokenSet | null, other: TokenSet): boolean {
  if (one === null || one.sessionId !== other.sessionId) return false
  return (
    one.refreshToken === other.refreshToken &&
    (one.refreshToken !== '' || one.accessToken === other.accessToken)
  )
}
