/** What a DPoP proof says (RFC 9449 §4.2): which request it was made for. */
import type { ClaimsSet, NumericDate } from '../jwt/claims-set.ts'
import type { SelfSigned } from '../jwt/verified.ts'

/** The header `typ` of every DPoP proof. */
export const proofType = 'dpop+jwt'

/**
 * The claims of a proof whose checks passed. They come from the client itself: they say which request a key was used for,
 * and nothing about who may do what. An access token is never one of these.
 */
export type DpopProofClaims = SelfSigned<
  ClaimsSet & {
    /** A name that no other proof of this key has. */
    readonly jti: string
    /** The method of the request. */
    readonly htm: string
    /** The URI of the request, without query and fragment. */
    readonly htu: string
    readonly iat: NumericDate
    /** The hash of the access token that goes along. */
    readonly ath?: string
    /** What the server asked to be repeated (RFC 9449 §8). */
    readonly nonce?: string
  }
>
