// @ts-check
/** For libraries that leave issuer and audience to the application: the two lines that it would write. */

/** @param {any} claims @param {import('../tokens.js').Expected} expected */
export function expectClaims(claims, expected) {
  if (expected !== undefined && (claims.iss !== expected.issuer || claims.aud !== expected.audience))
    throw new Error('issuer or audience')
  return claims
}
