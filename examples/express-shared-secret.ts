/**
 * Protect an Express route with a shared secret, and no token server at all. Whoever holds the secret can also make
 * tokens, so it suits one application that does both; give several APIs a key pair instead.
 *
 *     JWT_SECRET="$(openssl rand -base64 32)" node tools/run-example.js express-shared-secret
 *
 * Node 22.18 and later also run `node examples/express-shared-secret.ts` itself, once `npm run build` was run.
 */
import { fileURLToPath } from 'node:url'
import { guard } from '@tessera/guard/express'
import { secret, signJwt } from '@tessera/jose'
import type { SecretKey } from '@tessera/jose'
import express from 'express'

const issuer = 'https://shop.example'
const audience = 'https://api.shop.example'

/** The five lines: only requests with a good token reach the route. */
export function createApp(key: SecretKey): express.Express {
  const app = express()
  app.get('/me', guard({ issuer, audience, keys: key, typ: 'JWT' }), (req, res) => {
    res.json({ hello: req.auth?.claims.sub })
  })
  return app
}

/** Makes a token, once the user has proved who he is; how he does that is your affair. */
export function issueToken(key: SecretKey, subject: string): Promise<string> {
  return signJwt({}, key, { issuer, audience, subject, expiresIn: '15m' })
}

async function main(): Promise<void> {
  const key = secret('HS256', process.env['JWT_SECRET'])
  const token = await issueToken(key, 'alice')
  createApp(key).listen(3000, '127.0.0.1', () => {
    console.log(
      `curl -i http://127.0.0.1:3000/me\ncurl -i http://127.0.0.1:3000/me -H 'Authorization: Bearer ${token}'`,
    )
  })
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await main()
