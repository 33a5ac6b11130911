/**
 * The key in the header of a proof (RFC 9449 §4.2, `jwk`). Anybody can put any key there. It is checked as strictly as one
 * that the application imports itself, and it is trusted for one thing: that its holder made this proof. The faults of it
 * are faults of the proof (`malformed`), never of the caller.
 */
import { type Awaitable, chain } from '../crypto/awaitable.ts'
import { isJoseError, JoseError } from '../errors.ts'
import { readsAlgorithm, signatureRow } from '../jwa/signature-algorithms.ts'
import { checkUse, type Jwk, parseJwk, privateMembers } from '../jwk/jwk.ts'
import type { PublicKey } from '../jwk/key.ts'
import { makePublicKey } from '../jwk/material.ts'
import { thumbprint } from '../jwk/thumbprint.ts'
import type { ProtectedHeader } from '../jws/header.ts'

/** A public key that came with the proof that it verifies. */
export interface EmbeddedKey {
  readonly publicKey: PublicKey
  /** Its RFC 7638 thumbprint, which `cnf.jkt` of an access token may name. */
  readonly thumbprint: string
}

/** Characters of `n`: 4096 bits. A stranger's key must not make every check of his proofs expensive. */
const longestModulus = Math.ceil((4096 / 8) * (4 / 3))

/**
 * The public key of a proof's header.
 *
 * @throws {JoseError} `malformed`, with the fault of the key as its cause; `unsupported` where the runtime lacks the
 *   algorithm
 */
export function readEmbeddedKey(header: ProtectedHeader): Awaitable<EmbeddedKey> {
  try {
    const jwk = checkEmbeddedJwk(header)
    const key = chain(makePublicKey(jwk, signatureRow(header.alg, jwk.crv)!), (publicKey) => ({
      publicKey,
      thumbprint: thumbprint(jwk),
    }))
    return key instanceof Promise ? key.catch(refuse) : key
  } catch (cause) {
    return refuse(cause)
  }
}

function checkEmbeddedJwk({ alg, jwk: value }: ProtectedHeader): Jwk {
  if (value === undefined)
    throw new JoseError('key_invalid', 'expected the public key of the sender, got none')
  const jwk = parseJwk(value)
  // RFC 9449 §4.3 check 7, CVE-2026-54431: whoever shows his private key has nothing left to prove with it.
  if ([...privateMembers, 'k'].some((name) => Object.hasOwn(jwk, name)))
    throw new JoseError('key_invalid', 'expected a public key, got one with private members')
  const named = jwk.alg === undefined ? undefined : signatureRow(jwk.alg, jwk.crv)
  if (jwk.alg !== undefined && (named === undefined || !readsAlgorithm(named, alg)))
    throw new JoseError('key_invalid', 'expected a key for the algorithm of the header, got one for another')
  checkUse(jwk, ['verify'])
  if (typeof jwk.n === 'string' && jwk.n.length > longestModulus)
    throw new JoseError('key_invalid', 'expected an RSA key of at most 4096 bits, got a longer one')
  return jwk
}

function refuse(cause: unknown): never {
  if (isJoseError(cause) && cause.code === 'unsupported') throw cause
  const reason = cause instanceof JoseError ? cause.message : 'unusable'
  throw new JoseError('malformed', `protected header: "jwk": ${reason}`, { cause })
}
