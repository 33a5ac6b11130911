// @ts-check
/** A process that loads one library, verifies one token, and prints the milliseconds: `cold-start.js NAME SECRET TOKEN`. */
import { createSecretKey, webcrypto } from 'node:crypto'

const start = performance.now()
const [name = '', secret = '', token = ''] = process.argv.slice(2)
const claims = { issuer: 'https://issuer.example', audience: 'https://api.example' }

/** @type {Record<string, () => Promise<any>>} */
const ways = {
  tessera: async () => {
    const { createVerifier, secret: makeSecret } = await import('@tessera/jose')
    return createVerifier({ keys: makeSecret('HS256', secret), ...claims }).verifySync(token).claims
  },
  'fast-jwt': async () => {
    const { createVerifier } = await import('fast-jwt')
    const { issuer, audience } = claims
    return createVerifier({ key: secret, allowedIss: issuer, allowedAud: audience })(token)
  },
  jsonwebtoken: async () => {
    const { default: library } = await import('jsonwebtoken')
    return library.verify(token, createSecretKey(Buffer.from(secret)), { algorithms: ['HS256'], ...claims })
  },
  jose: async () => {
    const { jwtVerify } = await import('jose')
    return (await jwtVerify(token, Buffer.from(secret), claims)).payload
  },
  'hono/jwt': async () => {
    const { verify } = await import('hono/jwt')
    const hmac = { name: 'HMAC', hash: 'SHA-256' }
    const key = await webcrypto.subtle.importKey('raw', Buffer.from(secret), hmac, false, ['verify'])
    return verify(token, key, { alg: 'HS256', iss: claims.issuer, aud: claims.audience })
  },
}

const verified = await ways[name]?.()
if (verified?.iss !== claims.issuer) throw new Error(`expected the claims, got others from ${name}`)
console.log(performance.now() - start)
