/** What to do next, for every reason to refuse a token. */
import type { TokenErrorCode } from '@tessera/jose'

const advice: Readonly<Record<TokenErrorCode, string>> = {
  malformed: 'Check that the token was copied whole, without quotes, spaces or the word Bearer.',
  too_large: 'Keep large data behind an identifier; a token travels with every request.',
  unsupported: 'Use a key or an algorithm that this version knows: ES256, Ed25519, RS256, PS256, HS256.',
  alg_not_allowed:
    'The key decides the algorithm. Verify with the key that the issuer signs with, or name its algorithm with --alg.',
  key_invalid: 'Check the key file: a JWK, SPKI or PKCS #8 in PEM or DER.',
  weak_key:
    'Make a proper one: tessera keygen HS256 --format text. To go on with this one: --allow-weak-key.',
  key_not_found:
    "Compare the token's kid (tessera decode) with the key set. After a rotation, fetch the set again.",
  key_ambiguous: 'Give every key of the set and every token a kid.',
  keys_unavailable: 'Check that the address is right and the server is up; the token itself was not judged.',
  bad_signature:
    'The token was changed, or signed with another key. Check that issuer and verifier hold the same pair.',
  decrypt_failed: 'Check that the token was encrypted for this key.',
  crit_unsupported:
    'The token demands an extension that this verifier does not know; ask the issuer to leave it out.',
  typ_mismatch:
    'This is a token of another kind (an ID token, for example). Send an access token, or name the kind with --typ.',
  expired: 'Refresh it, or log in again.',
  not_yet_valid: 'Wait, or compare the clocks of issuer and verifier.',
  too_old: 'Log in again, or allow more with --max-age.',
  claim_missing: 'Have the issuer put the claim into the token.',
  claim_invalid: 'Compare what the token says (tessera decode) with what was expected here.',
  schema_invalid: 'Compare the claims with the schema.',
  replayed: 'A token of this kind is used once; get a fresh one.',
  revoked: 'Log in again.',
  option_invalid: 'See the --help of the command.',
}

const claimAdvice: Readonly<Record<string, string>> = {
  'claim_missing exp': 'Sign with an expiry (tessera encode --expires-in 15m).',
  'claim_missing aud': 'Sign with an audience, or verify with --any-audience.',
  'claim_invalid aud': 'Name the audience you are with --audience, or take any with --any-audience.',
  'claim_invalid iss':
    'Compare --issuer with the iss of the token, letter for letter: a slash at the end counts.',
}

/** One sentence on what to do about a refusal. */
export function adviceFor(code: TokenErrorCode, claim?: string): string {
  return claimAdvice[`${code} ${claim ?? ''}`] ?? advice[code]
}
