/** Proofs made with Node's own crypto, good or broken on purpose, and the options under which the good one passes. */
import { createHash } from 'node:crypto'
import type { VerifyDpopProofOptions } from '../../src/dpop/index.ts'
import type { AsymmetricAlgorithm } from '../../src/jwa/algorithm.ts'
import { forge, now, pairFor } from '../forge.ts'

export const accessToken = 'Kz~8mXK1EalYznwH-LC-1fBAo.4Ljp~zsPE_NeO.gxU'
export const method = 'POST'
export const url = 'https://server.example.com/token'

/** The `ath` of an access token. */
export function hashOf(token: string): string {
  return createHash('sha256').update(token).digest('base64url')
}

/** The public members of a test key. */
export function publicMembers(algorithm: AsymmetricAlgorithm = 'ES256', name = ''): Record<string, unknown> {
  const { alg: _alg, kid: _kid, ...members } = pairFor(algorithm, name).publicJwk
  return members
}

export interface ProofParts {
  readonly header?: Readonly<Record<string, unknown>>
  readonly claims?: Readonly<Record<string, unknown>>
  readonly algorithm?: AsymmetricAlgorithm
}

/** A proof that differs from a good one in what is given; a value of undefined leaves a member out. */
export function proofWith({ header = {}, claims = {}, algorithm = 'ES256' }: ProofParts = {}): string {
  return forge(
    { typ: 'dpop+jwt', alg: algorithm, jwk: publicMembers(algorithm), ...header },
    { jti: 'a name of its own', htm: method, htu: url, iat: now, ...claims },
    { algorithm, key: pairFor(algorithm).privateKey },
  )
}

/** What the good proof is checked with. */
export const expected = {
  method,
  url,
  accessToken: null,
  expectedThumbprint: null,
  replayStore: null,
  now,
} satisfies VerifyDpopProofOptions
