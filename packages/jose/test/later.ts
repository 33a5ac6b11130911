/**
 * The verbs of tests that run on every runtime: synchronous where the runtime's public-key cryptography is, and the
 * same question with a promise for an answer elsewhere.
 */
import { nodeCrypto } from '../src/crypto/node-crypto.ts'
import { isJoseError } from '../src/errors.ts'
import { signCompact } from '../src/jws/compact-jws.ts'
import type { SigningKey } from '../src/jwk/key.ts'
import type { VerificationInput } from '../src/jws/verification-keys.ts'
import type { ClaimsSet } from '../src/jwt/claims-set.ts'
import { decode, type DecodeOptions } from '../src/jwt/decode.ts'
import { encode, type EncodeOptions } from '../src/jwt/encode.ts'
import { verifyJwt } from '../src/jwt/verify.ts'
import { outcomeLater } from './outcome.ts'

/** Whether public-key cryptography answers without a promise here: it does where there is a whole `node:crypto`. */
export const isSynchronous: boolean = nodeCrypto !== undefined

/** Lets everything that waits for nothing but its turn go on. */
export async function turn(): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve, 0))
  if (isSynchronous) return
  // Bodies and WebCrypto come back in the order in which they were asked for, however busy the machine is.
  for (let round = 0; round < 3; round += 1) {
    await new Response('x').text()
    await crypto.subtle.digest('SHA-256', new Uint8Array(1))
    await new Promise((resolve) => setTimeout(resolve, 0))
  }
}

/** Whether an error says that the answer needs a promise. */
function wantsPromise(error: unknown): boolean {
  return isJoseError(error) && error.code === 'unsupported' && error.message.includes('need a promise')
}

async function orLater<T>(now: () => T, later: () => Promise<T>): Promise<T> {
  try {
    return now()
  } catch (error) {
    if (wantsPromise(error)) return later()
    throw error
  }
}

/** `decode`, or `verifyJwt` with the policy of `decode`. */
export function decodeLater(
  token: string,
  key: VerificationInput,
  options: DecodeOptions = {},
): Promise<ClaimsSet> {
  const policy = { issuer: null, audience: null, requireExp: false, typ: null, ...options }
  return orLater(
    () => decode(token, key, options),
    async () => (await verifyJwt(token, key, policy)).claims,
  )
}

/** The outcome of `decodeLater`. */
export function outcomeOfToken(
  token: string,
  key: VerificationInput,
  options: DecodeOptions = {},
): Promise<string> {
  return outcomeLater(() => decodeLater(token, key, options))
}

/** `encode`, or `signCompact` of the same JSON. */
export function encodeLater(
  claims: ClaimsSet,
  key: SigningKey,
  options: EncodeOptions = {},
): Promise<string> {
  return orLater(
    () => encode(claims, key, options),
    () => signCompact(JSON.stringify(claims), key, { header: { typ: 'JWT' } }),
  )
}

interface EitherVerifier<T> {
  verifySync(token: string): T
  verify(token: string): Promise<T>
}

/** `verifySync` of a verifier, or `verify`. */
export function verifyLater<T>(verifier: EitherVerifier<T>, token: string): Promise<T> {
  return orLater(
    () => verifier.verifySync(token),
    () => verifier.verify(token),
  )
}
