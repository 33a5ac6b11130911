// @ts-check
/** The tokens that every case works on: 64 different ones of each size, made once. */
import { randomBytes } from 'node:crypto'
import { encode, generateKey, secret } from '../packages/jose/dist/index.js'
import { poolSize } from './measure.js'

export const issuer = 'https://issuer.example'
export const audience = 'https://api.example'
export const secretBytes = randomBytes(32)
export const secretText = randomBytes(32).toString('base64url')
export const secretKey = secret('HS256', secretBytes)

const now = Math.floor(Date.now() / 1000)

/** @param {number} index */
export const standardClaims = (index) => ({
  iss: issuer,
  sub: `user-${1000 + index}`,
  aud: audience,
  iat: now,
  exp: now + 3600,
  jti: `abcdefgh-${index}`,
  scope: 'read write',
})

/** @param {number} index */
const tinyClaims = (index) => ({ sub: String(index), exp: now + 3600 })
/** @param {number} index */
const bigClaims = (index) => ({
  ...standardClaims(index),
  permissions: Array.from({ length: 60 }, (_, n) => `resource-${n}:read,write`),
})

/** @param {(index: number) => object} claims @param {import('../packages/jose/dist/index.js').SigningKey} key */
function pool(claims, key) {
  return Array.from({ length: poolSize }, (_, index) => encode(claims(index), key))
}

export const hs256 = {
  standard: pool(standardClaims, secretKey),
  tiny: pool(tinyClaims, secretKey),
  big: pool(bigClaims, secretKey),
  /** Under a raw text secret, as READMEs show it. */
  text: pool(standardClaims, secret('HS256', secretText)),
}

/** Good but for one character in the middle of the signature. */
export const forged = hs256.standard.map((token) => {
  const at = token.length - 20
  return token.slice(0, at) + (token[at] === 'A' ? 'B' : 'A') + token.slice(at + 1)
})
export const expired = pool((index) => ({ ...standardClaims(index), exp: now - 60 }), secretKey)

/** @param {'RS256' | 'PS256' | 'ES256' | 'Ed25519'} algorithm */
export async function asymmetricPool(algorithm) {
  const key = await generateKey(algorithm, { extractable: true })
  return { key, tokens: pool(standardClaims, key) }
}
