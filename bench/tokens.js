// @ts-check
/** The keys and tokens that every case works on: 64 different tokens of each kind, made once. */
import { createSecretKey, generateKeyPairSync, randomBytes, webcrypto } from 'node:crypto'
import { encode, importKey, secret } from '../packages/jose/dist/index.js'
import { poolSize } from './measure.js'

export const expected = { issuer: 'https://issuer.example', audience: 'https://api.example' }

/** @typedef {'HS256' | 'RS256' | 'PS256' | 'ES256' | 'EdDSA'} Algorithm */
/** @typedef {{ issuer: string, audience: string } | undefined} Expected  undefined: issuer and audience are not checked */
/** @typedef {Awaited<ReturnType<typeof makeKeys>>} Keys */

const now = Math.floor(Date.now() / 1000)

/** @param {number} index */
export const standardClaims = (index) => ({
  iss: expected.issuer,
  sub: `user-${1000 + index}`,
  aud: expected.audience,
  iat: now,
  exp: now + 3600,
  jti: `abcdefgh-${index}`,
  scope: 'read write',
})

/** @param {number} index */
const tinyClaims = (index) => ({ sub: `user-${1000 + index}`, exp: now + 3600 })

/** @param {number} index @param {number} entries */
export const grownClaims = (index, entries) => ({
  ...standardClaims(index),
  permissions: Array.from({ length: entries }, (_, n) => `resource-${n}:read,write`),
})

/** @type {Record<string, (index: number) => object>} */
export const shapes = {
  tiny: tinyClaims,
  standard: standardClaims,
  big: (index) => grownClaims(index, 68),
}

/** One key pair, or one secret, in every form that a contender may want. @param {Algorithm} algorithm */
export async function makeKeys(algorithm) {
  return algorithm === 'HS256' ? makeSecret() : makePair(algorithm)
}

async function makeSecret() {
  const text = randomBytes(32).toString('base64url')
  const bytes = Buffer.from(text)
  const keyObject = createSecretKey(bytes)
  const cryptoKey = await webcrypto.subtle.importKey('raw', bytes, { name: 'HMAC', hash: 'SHA-256' }, false, [
    'sign',
    'verify',
  ])
  return {
    algorithm: /** @type {Algorithm} */ ('HS256'),
    signing: { text, bytes, keyObject, cryptoKey },
    verifying: { text, bytes, keyObject, cryptoKey },
    tessera: secret('HS256', bytes),
  }
}

const pairs = {
  RS256: {
    type: 'rsa',
    options: { modulusLength: 2048 },
    web: { name: 'RSASSA-PKCS1-v1_5', hash: 'SHA-256' },
  },
  PS256: { type: 'rsa', options: { modulusLength: 2048 }, web: { name: 'RSA-PSS', hash: 'SHA-256' } },
  ES256: { type: 'ec', options: { namedCurve: 'P-256' }, web: { name: 'ECDSA', namedCurve: 'P-256' } },
  EdDSA: { type: 'ed25519', options: {}, web: { name: 'Ed25519' } },
}

/** @param {Exclude<Algorithm, 'HS256'>} algorithm */
async function makePair(algorithm) {
  const { type, options, web } = pairs[algorithm]
  const { publicKey, privateKey } = generateKeyPairSync(/** @type {any} */ (type), options)
  const privateText = String(privateKey.export({ type: 'pkcs8', format: 'pem' }))
  const publicText = String(publicKey.export({ type: 'spki', format: 'pem' }))
  const importWeb = (/** @type {any} */ key, /** @type {'sign' | 'verify'} */ use) =>
    webcrypto.subtle.importKey('jwk', key.export({ format: 'jwk' }), web, false, [use])
  return {
    algorithm: /** @type {Algorithm} */ (algorithm),
    signing: {
      text: privateText,
      bytes: Buffer.from(privateText),
      keyObject: privateKey,
      cryptoKey: await importWeb(privateKey, 'sign'),
    },
    verifying: {
      text: publicText,
      bytes: Buffer.from(publicText),
      keyObject: publicKey,
      cryptoKey: await importWeb(publicKey, 'verify'),
    },
    tessera: /** @type {any} */ (await importKey(privateText, { algorithm })),
  }
}

/** @param {Pick<Keys, 'tessera'>} keys @param {(index: number) => object} claims @returns {string[]} */
export function makeTokens({ tessera }, claims) {
  return Array.from({ length: poolSize }, (_, index) => encode(/** @type {any} */ (claims(index)), tessera))
}

/** @type {Record<string, (keys: Keys) => string[]>} */
export const badTokens = {
  'bad signature': (keys) => makeTokens(keys, standardClaims).map(withOtherSignature),
  expired: (keys) => makeTokens(keys, (index) => ({ ...standardClaims(index), exp: now - 60 })),
  malformed: (keys) => makeTokens(keys, standardClaims).map(malform),
  'wrong issuer': (keys) =>
    makeTokens(keys, (index) => ({ ...standardClaims(index), iss: 'https://other.example' })),
  'wrong audience': (keys) =>
    makeTokens(keys, (index) => ({ ...standardClaims(index), aud: 'https://other.example' })),
}

/** Good but for one character in the middle of the signature. @param {string} token */
function withOtherSignature(token) {
  const at = token.length - 20
  return token.slice(0, at) + (token[at] === 'A' ? 'B' : 'A') + token.slice(at + 1)
}

/** Cut before the signature, claims that are no base64url, or no token at all. @param {string} token @param {number} index */
function malform(token, index) {
  if (index % 3 === 0) return token.slice(0, token.lastIndexOf('.'))
  if (index % 3 === 1) return token.replace('.', '.*')
  return `no token ${token.length}`
}
