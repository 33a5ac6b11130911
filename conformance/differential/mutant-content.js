// @ts-check
/** What the tokens hold that are mutated, and what is put in its place. */

export const claims = Object.freeze({
  iss: 'https://issuer.example',
  sub: 'user-5',
  aud: ['api', 'other'],
  exp: 4_102_444_800,
  nbf: 1_600_000_000,
  iat: 1_799_999_000,
  jti: 'f3a1c9d2',
  scope: 'read write',
})
/** Values that are likely to be of the right kind somewhere. */
export const donors = [
  ...Object.values(claims),
  'JWT',
  'HS256',
  'ES256',
  'A128GCM',
  'dir',
  ['b64'],
  false,
  true,
  'QQ',
  'Qm9i',
]
export const payload = new Uint8Array(Buffer.from('any octets: and not only claims'))
/** Further parameters of a header. */
export const header = { cty: 'json' }
