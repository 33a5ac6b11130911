// @ts-check
/** npm `jose` verifies our tokens by our JWKs, and we verify its tokens through a JWK Set served over the network. */
import { createServer } from 'node:http'
import { createRemoteJwkSet, encode, exportJwk, generateKey, verifyJwt } from '@tessera/jose'
import * as jose from 'jose'
import { changed, expectRefused, expectSame, portOf } from './checks.js'

/** @typedef {import('@tessera/jose').AsymmetricAlgorithm} AsymmetricAlgorithm */

/** @type {AsymmetricAlgorithm[]} */
const algorithms = [
  'RS256',
  'RS384',
  'RS512',
  'PS256',
  'PS384',
  'PS512',
  'ES256',
  'ES384',
  'ES512',
  'Ed25519',
  'EdDSA',
]

/** @param {import('./checks.js').Checks} checks */
export async function checkWithJose(checks) {
  for (const algorithm of algorithms) {
    await checks.check(`npm jose verifies our ${algorithm} token by our JWK`, () =>
      joseVerifiesOurs(algorithm),
    )
  }
  const issuer = await startIssuer()
  try {
    await checkIssuer(checks, issuer)
  } finally {
    await issuer.close()
  }
}

/** @param {AsymmetricAlgorithm} algorithm */
async function joseVerifiesOurs(algorithm) {
  const key = await generateKey(algorithm)
  const token = encode({ sub: 'alice', aud: 'api' }, key, { expiresIn: '10m' })
  const jwk = /** @type {jose.JWK} */ (await exportJwk(key.publicKey))
  const theirs = await jose.importJWK(jwk, algorithm)
  const { payload, protectedHeader } = await jose.jwtVerify(token, theirs, {
    audience: 'api',
    algorithms: [algorithm],
  })
  expectSame([payload.sub, protectedHeader.alg], ['alice', algorithm], 'token')
  expectSame(await jose.calculateJwkThumbprint(jwk), key.kid, 'thumbprint')
  await expectRefused(() => jose.jwtVerify(changed(token), theirs))
}

/** @param {import('./checks.js').Checks} checks @param {Awaited<ReturnType<typeof startIssuer>>} issuer */
async function checkIssuer({ check }, { url, sign }) {
  const byUrl = createRemoteJwkSet(`${url}/keys`)
  const byIssuer = createRemoteJwkSet({ issuer: url })
  const expected = { issuer: url, audience: 'api' }
  for (const algorithm of algorithms) {
    await check(`our createRemoteJwkSet verifies the ${algorithm} token of npm jose`, async () => {
      const token = await sign(algorithm)
      for (const keys of [byUrl, byIssuer]) {
        const { claims, header } = await verifyJwt(token, keys, expected)
        expectSame([claims.sub, header.alg, header.kid], ['alice', algorithm, algorithm], 'token')
        await expectRefused(() => verifyJwt(changed(token), keys, expected), 'bad_signature')
      }
    })
  }
  await check('our createRemoteJwkSet refuses a token whose key the issuer does not publish', async () => {
    const { privateKey } = await jose.generateKeyPair('ES256')
    const token = await signWith({ privateKey, algorithm: 'ES256', kid: 'unknown' }, url)
    await expectRefused(() => verifyJwt(token, byUrl, expected), 'key_not_found')
  })
}

/** An issuer on loopback whose keys, set and tokens npm `jose` makes. */
async function startIssuer() {
  const pairs = await Promise.all(
    algorithms.map(async (algorithm) => ({
      algorithm,
      ...(await jose.generateKeyPair(algorithm, { extractable: true })),
    })),
  )
  const keys = await Promise.all(
    pairs.map(async ({ algorithm, publicKey }) => ({
      ...(await jose.exportJWK(publicKey)),
      kid: algorithm,
      alg: algorithm,
      use: 'sig',
    })),
  )
  let url = ''
  const server = createServer((request, response) => {
    const metadata = request.url === '/.well-known/oauth-authorization-server'
    response.setHeader('content-type', 'application/json')
    response.end(JSON.stringify(metadata ? { issuer: url, jwks_uri: `${url}/keys` } : { keys }))
  })
  await new Promise((resolve) => server.listen(0, '127.0.0.1', () => resolve(undefined)))
  url = `http://127.0.0.1:${portOf(server)}`
  return {
    url,
    /** @param {AsymmetricAlgorithm} algorithm */
    async sign(algorithm) {
      const pair = pairs.find((found) => found.algorithm === algorithm)
      if (pair === undefined) throw new Error(`no key for ${algorithm}`)
      return signWith({ privateKey: pair.privateKey, algorithm, kid: algorithm }, url)
    },
    close: () => new Promise((resolve) => server.close(resolve)),
  }
}

/** @param {{ privateKey: jose.CryptoKey, algorithm: string, kid: string }} signer @param {string} issuer */
function signWith({ privateKey, algorithm, kid }, issuer) {
  return new jose.SignJWT({ sub: 'alice' })
    .setProtectedHeader({ alg: algorithm, kid, typ: 'JWT' })
    .setIssuer(issuer)
    .setAudience('api')
    .setIssuedAt()
    .setExpirationTime('10m')
    .sign(privateKey)
}
