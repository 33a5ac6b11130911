/** What is measured: the lines that a program would write, and what peers need for the same. */

/**
 * @typedef {object} Case
 * @property {string} name
 * @property {string} code  a module
 * @property {number} limit  KB after minifying and gzip that it may weigh: raised on purpose, never by accident
 * @property {number} [wish]  KB that were asked for
 * @property {readonly RegExp[]} [without]  texts that must not be in the bundle
 * @property {readonly Peer[]} [peers]
 * @typedef {{ name: string, code: string }} Peer
 */

const from = (/** @type {string} */ names, module = '') => `export { ${names} } from '@tessera/jose${module}'`
const peer = (/** @type {string} */ name, /** @type {string} */ names) => ({
  name,
  code: `export { ${names} } from '${name}'`,
})
/** A CommonJS module, which no bundler can take apart. @param {string} name */
const whole = (name) => ({ name, code: `import whole from '${name}'\nexport default whole` })

/** Names of RFC 7516 that a program which only signs has no use for. */
const encryptionNames = [/RSA-OAEP/, /A\d{3}GCM/, /A\d{3}KW/, /ECDH-ES/, /PBES2/, /deflate/i]

/** All but `testing`, which no program ships. */
const rooms = ['jwt', 'jws', 'jwe', 'jwk', 'jwks', 'dpop', 'unverified']

/**
 * The limits leave half a KB of room at most. Some grew by half a KB last when what needs a promise got functions of
 * its own, so that a token which needs none pays for no closure.
 *
 * @type {readonly Case[]}
 */
export const cases = [
  {
    name: 'verify + remote JWK Set',
    code: from('verifyJwt, createRemoteJwkSet'),
    limit: 17.5,
    wish: 8,
    without: encryptionNames,
    peers: [peer('jose', 'jwtVerify, createRemoteJWKSet')],
  },
  {
    name: 'createVerifier + remote JWK Set',
    code: from('createVerifier, createRemoteJwkSet'),
    limit: 22,
    without: encryptionNames,
  },
  {
    name: 'verify',
    code: from('verifyJwt'),
    limit: 12,
    without: encryptionNames,
    peers: [peer('jose', 'jwtVerify'), whole('jsonwebtoken'), peer('fast-jwt', 'createVerifier')],
  },
  {
    name: 'sign + verify',
    code: from('signJwt, verifyJwt, importKey'),
    limit: 28,
    peers: [peer('jose', 'SignJWT, jwtVerify, importJWK'), peer('fast-jwt', 'createSigner, createVerifier')],
  },
  {
    name: 'encode + decode, HMAC',
    code: from('encode, decode, secret'),
    limit: 16,
    without: encryptionNames,
  },
  {
    name: 'decode without verifying',
    code: from('decodeUnverified', '/unverified'),
    limit: 1,
    wish: 1,
    without: encryptionNames,
    peers: [peer('jose', 'decodeJwt, decodeProtectedHeader'), peer('fast-jwt', 'createDecoder')],
  },
  {
    name: 'JWS alone',
    code: `export * from '@tessera/jose/jws'`,
    limit: 11,
    without: encryptionNames,
    peers: [
      peer('jose', 'CompactSign, compactVerify, FlattenedSign, flattenedVerify, GeneralSign, generalVerify'),
    ],
  },
  {
    name: 'JWE alone',
    code: `export * from '@tessera/jose/jwe'`,
    limit: 16.5,
    peers: [
      peer(
        'jose',
        'CompactEncrypt, compactDecrypt, FlattenedEncrypt, flattenedDecrypt, GeneralEncrypt, generalDecrypt',
      ),
    ],
  },
  { name: 'DPoP', code: `export * from '@tessera/jose/dpop'`, limit: 15, without: encryptionNames },
  {
    name: 'everything',
    code: [
      `export * from '@tessera/jose'`,
      ...rooms.map((room) => `export * as ${room} from '@tessera/jose/${room}'`),
    ].join('\n'),
    // 54.8 with key rings, the loader of the token engine and the memory of verified tokens.
    limit: 57,
    wish: 24,
    peers: [{ name: 'jose', code: `export * from 'jose'` }, whole('jsonwebtoken'), whole('fast-jwt')],
  },
]
