/** Sessions as a storage keeps them: with their tokens, or in cookie mode without any. */
import type { Clock } from './clock.ts'
import { earliestDue, latestDue } from './token-set.ts'
import type { TokenSet, Transport } from './token-set.ts'

/** How sessions are written into a storage, and read again. */
export interface TokenRecords {
  /** The text that a storage keeps. */
  write(tokens: TokenSet): string
  /**
   * What an earlier page, another tab or this client has stored; `null` for text that is no session of this transport.
   *
   * @param present what this page has in memory
   */
  read(text: string | null, present: TokenSet | null): TokenSet | null
}

export function createRecords(transport: Transport, clock: Clock): TokenRecords {
  return transport === 'cookie'
    ? cookieRecords
    : { write: writeTokens, read: (text) => readTokens(text, clock) }
}

/**
 * In cookie mode no token is stored: that there is a session, and the retry key of the refresh under way. Each page has an
 * access token of its own, in its memory.
 */
const cookieRecords: TokenRecords = {
  write: ({ sessionId, scope, retryKey }) =>
    JSON.stringify({ version: 1, transport: 'cookie', sessionId, scope, retryKey }),
  read: (text, present) => {
    const { version, transport, sessionId, scope, retryKey } = parseObject(text)
    if (version !== 1 || transport !== 'cookie') return null
    if (typeof sessionId !== 'string' || typeof scope !== 'string') return null
    const { retryKey: _, ...known } = present?.sessionId === sessionId ? present : unknownTokens
    return { ...known, sessionId, scope, ...(typeof retryKey === 'string' && { retryKey }) }
  },
}

/** Tokens that are due at once. */
const unknownTokens: Omit<TokenSet, 'sessionId' | 'scope'> = {
  accessToken: '',
  refreshToken: '',
  expiresInSeconds: 0,
  dueMs: -Infinity,
  deadMs: -Infinity,
  askedWallMs: 0,
  dueFraction: earliestDue,
}

function writeTokens(tokens: TokenSet): string {
  const { dueMs: _due, deadMs: _dead, ...kept } = tokens
  return JSON.stringify({ version: 1, ...kept })
}

/**
 * The monotonic clock of another page means nothing here, so the age comes from the wall clock, and is read with care: an
 * age below zero counts as a whole life, and the last tenth of the life is not used.
 */
function readTokens(text: string | null, clock: Clock): TokenSet | null {
  const kept = text === null ? null : parseRecord(text)
  if (kept === null) return null
  const lifeMs = kept.expiresInSeconds * 1000
  const ageMs = clock.wallMs() - kept.askedWallMs
  const bornMs = clock.monotonicMs() - (ageMs < 0 ? lifeMs : ageMs)
  return { ...kept, dueMs: bornMs + lifeMs * kept.dueFraction, deadMs: bornMs + lifeMs * latestDue }
}

type Kept = Omit<TokenSet, 'dueMs' | 'deadMs'>

function parseRecord(text: string): Kept | null {
  const { version, retryKey, ...kept } = parseObject(text)
  const texts = [kept['accessToken'], kept['refreshToken'], kept['scope'], kept['sessionId']]
  const numbers = [kept['expiresInSeconds'], kept['askedWallMs'], kept['dueFraction']]
  if (version !== 1 || !texts.every((value) => typeof value === 'string')) return null
  if (!numbers.every((value) => Number.isFinite(value))) return null
  return (typeof retryKey === 'string' ? { ...kept, retryKey } : kept) as unknown as Kept
}

/** The members of an object in JSON; of anything else none. */
function parseObject(text: string | null): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(text ?? '')
    if (typeof value === 'object' && value !== null) return value as Record<string, unknown>
  } catch {
    // Somebody else's text.
  }
  return {}
}
