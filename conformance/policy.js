// @ts-check
/**
 * Our decision on every entry whose outcome the RFCs leave open, and on the disputed tests of Wycheproof. A run fails
 * when the library decides otherwise; an entry that is not listed is printed with what the library did.
 *
 * @type {Readonly<Record<string, 'refuse' | 'accept'>>}
 */
const decisions = {
  // A secret that looks like a public key is refused, whoever allowed HMAC.
  'rs-as-hs-pem-bytes-hs-only': 'refuse',
  'hs-secret-is-ssh-rsa': 'refuse',
  'hs-secret-is-ssh-ed25519': 'refuse',
  // Every registered header parameter has the type that its RFC gives it.
  'header-typ-number': 'refuse',
  'header-cty-number': 'refuse',
  'header-jku-number': 'refuse',
  'header-x5c-string': 'refuse',
  'header-jwk-array': 'refuse',
  // 16 KiB per token, 64 levels of JSON, finite numbers.
  'big-1mb-payload': 'refuse',
  'big-1mb-dots': 'refuse',
  'big-1mb-header': 'refuse',
  'big-1mb-signature': 'refuse',
  'deep-array-payload': 'refuse',
  'deep-object-header': 'refuse',
  'many-keys-payload': 'refuse',
  'long-number': 'refuse',
  'x5c-many': 'refuse',
  'redos-duration-spaces': 'refuse',
  // A date of the year 55000 is a date in milliseconds; a token from the future has no honest issuer.
  'exp-milliseconds': 'refuse',
  'exp-1e308': 'refuse',
  'iat-future': 'refuse',
  // Names that mean something to JavaScript: refused where an assignment would act on them, else claims like any other.
  'payload-proto': 'refuse',
  'payload-constructor': 'accept',
  // What cannot be written as UTF-8 cannot be signed again.
  'payload-lone-surrogate-escape': 'refuse',
  // Members of a JWK that contradict each other, or have a second spelling; exponents below 65537; secrets of one byte.
  'jwk-mixed-public-private': 'refuse',
  'jwk-n-leading-zero': 'refuse',
  'rs256-rsa-e3': 'refuse',
  'hs256-zero32': 'refuse',
  // A public key set that holds a secret: the secret is passed over.
  'jwks-oct-in-public-set': 'refuse',
  // No kid and two keys of the algorithm: both are tried, four at most.
  'jwks-ambiguous-no-kid': 'accept',
  // A public key of low order verifies signatures of anything.
  'ed25519-small-order-key': 'refuse',
  // What chooses the key and the algorithm is protected by the signature, or it is not believed.
  'json-alg-unprotected-only': 'refuse',
  'json-protected-empty-string': 'refuse',
  // Encryption: compression up to 256 KiB and when asked for; passwords when asked for, of 1000 iterations and more; a
  // token inside a token is opened by `openJwt`, which verifies it.
  'jwe-zip-bomb-1mb': 'refuse',
  'jwe-pbes2-default-off': 'refuse',
  'jwe-pbes2-p2c-low': 'refuse',
  'nested-inner-none': 'refuse',

  // The `alg` of a JWK binds. Without it these verify, and the driver sees to that too.
  'json_web_signature_test.json#346': 'refuse',
  'json_web_signature_test.json#347': 'refuse',
  'json_web_signature_test.json#350': 'refuse',
  'json_web_signature_test.json#351': 'refuse',
  // Compact serialization and canonical base64url alone.
  'json_web_signature_test.json#17': 'refuse',
  'json_web_signature_test.json#372': 'refuse',
  'json_web_signature_test.json#374': 'refuse',
  'json_web_signature_test.json#373': 'refuse',
  'json_web_signature_test.json#375': 'refuse',
  // Labelled invalid for its padding, which was lost on the way: as it stands, it is the good token of #372 and #373.
  'json_web_signature_test.json#367': 'accept',
  'json_web_signature_test.json#370': 'accept',
  // Secrets and public keys in one set; two keys of one kid, of which one is not canonical base64url.
  'json_web_key_test.json#1': 'refuse',
  'json_web_key_test.json#4': 'refuse',
  // A modulus of the ROCA kind is not looked for.
  'json_web_key_test.json#7': 'accept',
  'json_web_crypto_test.json#46': 'accept',
  // As json_web_signature_test.json#17 and json_web_key_test.json#1.
  'json_web_crypto_test.json#17': 'refuse',
  'json_web_crypto_test.json#47': 'refuse',
}

/**
 * Algorithms that we refuse for good, with the reason. Vectors that want them accepted are driven all the same: they have
 * to be refused, and count as left out.
 *
 * @type {Readonly<Record<string, string>>}
 */
export const refusedAlgorithms = {
  RSA1_5: 'RSA1_5 is refused on purpose: its padding is an oracle (RFC 8725 §3.2)',
}

/** @param {string} id @returns {'refuse' | 'accept' | undefined} */
export function policyOf(id) {
  return Object.hasOwn(decisions, id) ? decisions[id] : undefined
}
