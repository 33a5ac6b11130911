// @ts-check
/** Verification with public keys, beside `crypto.verify` in its plain form and in the one that READMEs show. */
import { constants, generateKeyPairSync, sign, verify } from 'node:crypto'
import { verifiersOf } from '../contenders/libraries.js'
import { expected, makeKeys, makeTokens, standardClaims } from '../tokens.js'
import { casesOnTokens } from './case.js'

/** @typedef {import('../tokens.js').Algorithm} Algorithm */
/** @typedef {import('../tokens.js').Keys} Keys */
/** @typedef {import('../measure.js').Case} Case */
/** @typedef {import('node:crypto').KeyObject} KeyObject */
/** @typedef {{ privateKey: KeyObject, publicKey: KeyObject }} Pair */

/** Ed25519 goes by the name that peers know. */
const algorithms = /** @type {const} */ (['RS256', 'PS256', 'ES256', 'EdDSA'])

/** @param {Algorithm} algorithm */
const titleOf = (algorithm) => `${algorithm === 'EdDSA' ? 'Ed25519' : algorithm} verify`

export const verifyAsymmetric = algorithms.map((algorithm) => ({
  title: titleOf(algorithm),
  build: () => build(algorithm),
}))

/** @param {typeof algorithms[number]} algorithm @returns {Promise<import('../measure.js').Group>} */
async function build(algorithm) {
  const keys = await makeKeys(algorithm)
  const tokens = makeTokens(keys, standardClaims)
  const contenders = await verifiersOf(keys, expected)
  return {
    title: titleOf(algorithm),
    reference: 'bare crypto.verify',
    cases: [
      ...contenders.flatMap((contender) => casesOnTokens(contender, tokens)),
      ...rawCases(keys, tokens),
    ],
  }
}

const pss = { padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: 32 }

/** @param {Keys} keys @param {string[]} tokens @returns {Case[]} */
function rawCases({ algorithm, signing, verifying }, tokens) {
  const hash = algorithm === 'EdDSA' ? null : 'sha256'
  const inputs = tokens.map((token) => Buffer.from(token.slice(0, token.lastIndexOf('.'))))
  const own = { privateKey: signing.keyObject, publicKey: verifying.keyObject }
  const { privateKey, publicKey } = algorithm === 'PS256' ? pssPair(own) : own
  const signatures = inputs.map((input) => sign(hash, input, privateKey))
  const bare = { name: 'bare crypto.verify', run: verifyOf(hash, publicKey) }
  const form = optionsForm(algorithm, verifying.keyObject)
  if (form === undefined) return [bare]
  const segments = tokens.map((token) => Buffer.from(token.slice(token.lastIndexOf('.') + 1), 'base64url'))
  return [
    bare,
    {
      name: `crypto.verify with ${form.name}`,
      run: (i) => mustHold(verify(hash, inputs[i] ?? '', /** @type {any} */ (form.key), segments[i] ?? '')),
    },
  ]

  /** @param {string | null} digest @param {any} key @returns {Case['run']} */
  function verifyOf(digest, key) {
    return (i) => mustHold(verify(digest, inputs[i] ?? '', key, signatures[i] ?? ''))
  }
}

/** A key that is bound to PSS needs no options; where there is no such kind of key, others take them. @param {Pair} rsa @returns {any} */
function pssPair({ privateKey, publicKey }) {
  try {
    return generateKeyPairSync(/** @type {any} */ ('rsa-pss'), {
      modulusLength: 2048,
      hashAlgorithm: 'sha256',
      mgf1HashAlgorithm: 'sha256',
      saltLength: 32,
    })
  } catch {
    return { privateKey: { key: privateKey, ...pss }, publicKey: { key: publicKey, ...pss } }
  }
}

/** @param {Algorithm} algorithm @param {KeyObject} key */
function optionsForm(algorithm, key) {
  if (algorithm === 'ES256') return { name: 'dsaEncoding', key: { key, dsaEncoding: 'ieee-p1363' } }
  if (algorithm === 'PS256') return { name: 'padding', key: { key, ...pss } }
  return undefined
}

/** @param {boolean} good */
function mustHold(good) {
  if (!good) throw new Error('expected a good signature')
  return good
}
