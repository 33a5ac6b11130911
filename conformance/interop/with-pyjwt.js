// @ts-check
/** PyJWT verifies our tokens and we verify its, over every algorithm that both have. */
import { decode, encode, exportPem, generateKey, secret } from '@tessera/jose'
import { changed, expectRefused, expectSame } from './checks.js'
import { askPyJwt, findPython } from './peers.js'

/** @typedef {import('@tessera/jose').SignatureAlgorithm} SignatureAlgorithm */

/** PyJWT knows Ed25519 by its older name alone. @type {SignatureAlgorithm[]} */
const algorithms = [
  'HS256',
  'HS384',
  'HS512',
  'RS256',
  'RS384',
  'RS512',
  'PS256',
  'PS384',
  'PS512',
  'ES256',
  'ES384',
  'ES512',
  'EdDSA',
]

/** @param {import('./checks.js').Checks} checks */
export async function checkWithPyJwt({ check }) {
  const python = await findPython()
  const now = Math.floor(Date.now() / 1000)
  const claims = { iss: 'https://issuer.example', aud: 'api', sub: '사용자 🔑', exp: now + 600 }
  const pairs = await Promise.all(algorithms.map(makePair))
  const ours = pairs.map(({ signingKey }) => encode(claims, signingKey))
  const verifyTasks = pairs.flatMap(({ algorithm, verifyWith }, index) =>
    [ours[index] ?? '', changed(ours[index] ?? '')].map((token) =>
      task({ do: 'verify', token, alg: algorithm, key: verifyWith }, claims),
    ),
  )
  const signTasks = pairs.map(({ algorithm, signWith }) => ({
    do: 'sign',
    alg: algorithm,
    key: signWith,
    claims,
  }))
  const { version, answers } = await askPyJwt(python, [...verifyTasks, ...signTasks])

  for (const [index, { algorithm, verificationKey }] of pairs.entries()) {
    const [verdict, forged] = answers.slice(index * 2, index * 2 + 2)
    const { token } = answers[verifyTasks.length + index]
    await check(`PyJWT ${version} verifies our ${algorithm} token`, () => {
      expectSame(verdict.claims, claims, 'claims')
      expectSame(verdict.header, { typ: 'JWT', alg: algorithm }, 'header')
      expectSame(forged.refused !== undefined, true, 'a changed token is refused')
    })
    await check(`we verify the ${algorithm} token of PyJWT ${version}`, async () => {
      const options = { issuer: claims.iss, audience: claims.aud }
      expectSame(decode(token, verificationKey, options), claims, 'claims')
      await expectRefused(() => decode(changed(token), verificationKey, options), 'bad_signature')
    })
  }
}

/** @param {object} fields @param {{ iss: string, aud: string }} claims */
function task(fields, { iss, aud }) {
  return { ...fields, issuer: iss, audience: aud }
}

/** A key of ours, and its two halves as PyJWT reads them. @param {SignatureAlgorithm} algorithm */
async function makePair(algorithm) {
  if (algorithm === 'HS256' || algorithm === 'HS384' || algorithm === 'HS512') {
    const text = `a secret for ${algorithm} that is long enough for every one of the three, by a good margin`
    const key = secret(algorithm, text)
    return { algorithm, signingKey: key, verificationKey: key, signWith: text, verifyWith: text }
  }
  const key = await generateKey(algorithm, { extractable: true })
  if (key.type === 'secret') throw new Error(`expected a key pair for ${algorithm}`)
  const [signWith, verifyWith] = [await exportPem(key), await exportPem(key.publicKey)]
  return { algorithm, signingKey: key, verificationKey: key.publicKey, signWith, verifyWith }
}
