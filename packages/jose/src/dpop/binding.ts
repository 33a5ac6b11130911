/** The key that an access token is bound to (RFC 9449 §6, RFC 7800 `cnf`). */
import { isObject, kindOf } from '../encoding/json.ts'
import { JoseError } from '../errors.ts'
import type { ClaimsSet } from '../jwt/claims-set.ts'
import type { Verified } from '../jwt/verified.ts'

/**
 * The thumbprint (`cnf.jkt`) of the key that an access token is bound to; undefined for a token that anybody can use who
 * has it. A token that is bound must not be accepted as a bearer token (RFC 9449 §7.2).
 *
 * @param claims - the verified claims of an access token
 * @throws {JoseError} `claim_invalid` for a `cnf` that is no object, or a `jkt` that is no text
 */
export function boundThumbprint(claims: Verified<ClaimsSet>): string | undefined {
  if (!Object.hasOwn(claims, 'cnf')) return undefined
  const confirmation = claims['cnf']
  if (!isObject(confirmation))
    throw new JoseError('claim_invalid', `claim "cnf": expected an object, got ${kindOf(confirmation)}`, {
      claim: 'cnf',
    })
  if (!Object.hasOwn(confirmation, 'jkt')) return undefined
  const { jkt } = confirmation as { readonly jkt: unknown }
  if (typeof jkt === 'string' && jkt !== '') return jkt
  throw new JoseError('claim_invalid', `claim "cnf": expected text as "jkt", got ${kindOf(jkt)}`, {
    claim: 'cnf',
  })
}

/**
 * Checks that an access token is bound to a key.
 *
 * @param claims - the verified claims of an access token
 * @param thumbprint - that of the key which made the proof
 * @throws {JoseError} `claim_missing` for a token that is bound to no key, `claim_invalid` for one of another key, both
 *   with the claim `cnf`
 */
export function checkDpopBinding(claims: Verified<ClaimsSet>, thumbprint: string): void {
  checkThumbprint(boundThumbprint(claims), thumbprint)
}

/** The same where the token's own thumbprint is at hand. */
export function checkThumbprint(bound: string | undefined, thumbprint: string): void {
  if (bound === thumbprint) return
  if (bound === undefined)
    throw new JoseError('claim_missing', 'claim "cnf": expected an access token that is bound to a key', {
      claim: 'cnf',
    })
  throw new JoseError(
    'claim_invalid',
    'claim "cnf": expected an access token that is bound to the key of the proof, got one of another key',
    { claim: 'cnf' },
  )
}
