/**
 * Refresh tokens: `rt_<kid>.<sid>.<generation>.<mac>`. Nothing of one is stored: the MAC is computed again from a
 * server secret, a random nonce of the session, the client, the user and the generation. A dump of the database
 * forges none, the server secret alone forges none, and the successor of a token can be told again after a lost reply.
 */
import { createHash, createHmac, timingSafeEqual } from 'node:crypto'
import type { ServerSecrets } from '../keys/server-secrets.ts'
import type { Session, SessionProof } from '../store/store.ts'

/** The parts of a token that has the right shape; authentic only after `isAuthentic`. */
export interface ParsedRefreshToken {
  readonly kid: string
  readonly sid: string
  readonly generation: number
  readonly mac: string
}

// Fixed lengths and one spelling of each generation: two texts never stand for one token (P5).
const shape = /^rt_([\w-]{8})\.([\w-]{22})\.(0|[1-9]\d{0,9})\.([\w-]{43})$/
const longestToken = 3 + 8 + 1 + 22 + 1 + 10 + 1 + 43

/** Reads the parts of a token, or undefined when it has another shape. */
export function parseRefreshToken(text: string): ParsedRefreshToken | undefined {
  if (text.length > longestToken) return undefined
  const [, kid, sid, generation, mac] = shape.exec(text) ?? []
  if (kid === undefined || sid === undefined || generation === undefined || mac === undefined)
    return undefined
  return { kid, sid, generation: Number(generation), mac }
}

function computeMac(
  secrets: ServerSecrets,
  kid: string,
  session: SessionProof,
  generation: number,
): string | undefined {
  const key = secrets.get(kid)?.refreshKey
  if (key === undefined) return undefined
  // A JSON array keeps the parts apart: no two sessions or generations give one input.
  const input = JSON.stringify([
    kid,
    session.sid,
    session.macNonce,
    session.clientId,
    session.userId,
    generation,
  ])
  return createHmac('sha256', key).update(input).digest('base64url')
}

/** The token of a session's current generation: the same text each time. */
export function mintRefreshToken(session: Session, secrets: ServerSecrets): string {
  const { sid, generation, macKid } = session
  const mac = computeMac(secrets, macKid, session, generation)
  if (mac === undefined) throw new Error(`expected the server secret ${macKid} of a live session to be held`)
  return `rt_${macKid}.${sid}.${generation}.${mac}`
}

/** Whether this server made the token for this session. Says nothing of whether it may still be used. */
export function isAuthentic(
  token: ParsedRefreshToken,
  session: SessionProof,
  secrets: ServerSecrets,
): boolean {
  // A secret that was rotated away makes no tokens of the generations that its successor makes (P6).
  if (token.generation >= session.macFromGeneration && token.kid !== session.macKid) return false
  const expected = computeMac(secrets, token.kid, session, token.generation)
  return expected !== undefined && timingSafeEqual(Buffer.from(expected), Buffer.from(token.mac))
}

const retryKeyShape = /^[\w-]{22,128}$/

/** Whether a text can stand as `Idempotency-Key` of a refresh (P17). */
export function isRetryKey(text: string): boolean {
  return retryKeyShape.test(text)
}

/** What is stored of the retry key with which a generation was used. */
export function hashRetryKey(sid: string, generation: number, retryKey: string): string {
  return createHash('sha256').update(`${sid}.${generation}.${retryKey}`).digest('base64url')
}
