// @ts-check
/** JWTs: claims that each library signs or encrypts, and both verify. */
import fc from 'fast-check'
import * as arbitraries from './arbitraries.js'
import { jose, tessera } from './libraries.js'
import { agree } from './round-trips.js'

/** @typedef {import('./algorithms.js').SharedKey} SharedKey */

/** The present of both verifiers. */
export const now = 1_800_000_000

/** What we expect of a token: nothing beyond its signature and its times. */
export const ourPolicy = Object.freeze({ issuer: null, audience: null, typ: null, requireExp: false, now })

/** The same in the words of npm `jose`. @param {SharedKey} key */
export const theirPolicy = ({ alg }) => ({
  currentDate: new Date(now * 1000),
  algorithms: alg === 'Ed25519' || alg === 'EdDSA' ? ['Ed25519', 'EdDSA'] : [alg],
})

/** Signed JWTs. @param {import('./tally.js').Tally} tally @param {readonly SharedKey[]} keys @param {import('./round-trips.js').Effort} effort */
export async function signedJwts(tally, keys, effort) {
  for (const key of keys) {
    await agree(
      tally,
      { row: key.label, column: 'JWT', effort },
      arbitraries.claims,
      async (claims, maker) => {
        const token = await sign[maker](key, claims)
        const expected = JSON.stringify(claims)
        const results = await Promise.all([
          tessera['verifyJwt'](token, key.ours.read, ourPolicy).then(
            (/** @type {any} */ { claims: found }) => found,
          ),
          tessera['decode'](token, key.ours.read, { audience: null, now }),
          jose
            .jwtVerify(token, key.theirs.read, theirPolicy(key))
            .then((/** @type {any} */ { payload }) => payload),
        ])
        expectAll(results, expected)
      },
    )
  }
}

/** @type {Record<'tessera' | 'jose', (key: SharedKey, claims: any) => Promise<string>>} */
const sign = {
  tessera: async (key, claims) => tessera['encode'](claims, key.ours.make, { allowSecretClaims: true }),
  jose: async (key, claims) =>
    new jose.SignJWT(claims).setProtectedHeader({ alg: key.alg, typ: 'JWT' }).sign(key.theirs.make),
}

/** Encrypted JWTs. @param {import('./tally.js').Tally} tally @param {readonly SharedKey[]} keys @param {import('./round-trips.js').Effort} effort */
export async function encryptedJwts(tally, keys, effort) {
  const content = fc.record({ claims: arbitraries.claims, enc: arbitraries.contentEncryption })
  for (const key of keys) {
    const isPassword = key.alg.startsWith('PBES2')
    const ours = { ...ourPolicy, ...(isPassword ? { keyManagementAlgorithms: [key.alg] } : {}) }
    const theirs = { currentDate: new Date(now * 1000), keyManagementAlgorithms: [key.alg] }
    await agree(
      tally,
      { row: key.label, column: 'JWT', effort },
      content,
      async ({ claims, enc: anyEnc }, maker) => {
        const enc = key.alg === 'dir' ? key.algorithm : anyEnc
        const token = await encrypt[maker](key, claims, enc)
        const { claims: found } = await tessera['decryptJwt'](token, key.ours.read, ours)
        const { payload } = await jose.jwtDecrypt(token, key.theirs.read, theirs)
        // Ours writes when it was issued, where the claims do not say it.
        const expected = maker === 'tessera' ? { iat: now, ...claims } : claims
        expectAll([sorted(found), sorted(payload)], JSON.stringify(sorted(expected)))
      },
    )
  }
}

/** @type {Record<'tessera' | 'jose', (key: SharedKey, claims: any, enc: string) => Promise<string>>} */
const encrypt = {
  tessera: (key, claims, enc) =>
    tessera['encryptJwt'](claims, key.ours.make, {
      ...('exp' in claims ? {} : { expiresIn: null }),
      ...(key.alg === 'dir' ? {} : { enc }),
      ...(key.alg.startsWith('PBES2') ? { pbes2Iterations: 1000 } : {}),
      now,
    }),
  jose: (key, claims, enc) => {
    const made = new jose.EncryptJWT(claims).setProtectedHeader({ alg: key.alg, enc, typ: 'JWT' })
    if (key.alg.startsWith('PBES2')) made.setKeyManagementParameters({ p2c: 1000 })
    return made.encrypt(key.theirs.make)
  },
}

/** @param {object} claims */
const sorted = (claims) => Object.fromEntries(Object.entries(claims).sort(([a], [b]) => (a < b ? -1 : 1)))

/** @param {readonly any[]} results @param {string} expected */
function expectAll(results, expected) {
  for (const [index, result] of results.entries()) {
    const got = JSON.stringify(result)
    if (got !== expected) throw new Error(`reader ${index}: expected ${expected}, got ${got}`)
  }
}
