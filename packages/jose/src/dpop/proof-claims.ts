/** What a DPoP proof says (RFC 9449 §4.2): which request it was made for. */
import type { ClaimsSet } from '../jwt/claims-set.ts'
import type { DpopClaims } from '../jwt/profile-claims.ts'
import { profileRow, type ProfileRow } from '../jwt/profiles.ts'
import type { SelfSigned } from '../jwt/verified.ts'

/** Its `typ` and the claims that it must have. */
export const proofProfile: ProfileRow = profileRow('dpop+jwt')!

/**
 * The claims of a proof whose checks passed. They come from the client itself: they say which request a key was used for,
 * and nothing about who may do what. An access token is never one of these.
 */
export type DpopProofClaims = SelfSigned<ClaimsSet & DpopClaims>
