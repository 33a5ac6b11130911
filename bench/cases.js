// @ts-check
/** The groups of cases: our row, each peer in its best practice, and the bare primitives below them. */
import { createHmac, createPublicKey, createSecretKey, verify as verifyRaw, constants } from 'node:crypto'
import { createDecoder, createSigner, createVerifier as createFastVerifier } from 'fast-jwt'
import { decodeJwt } from 'jose'
import jsonwebtoken from 'jsonwebtoken'
import jwtSimple from 'jwt-simple'
import { createVerifier, encode, exportJwk, exportPem } from '../packages/jose/dist/index.js'
import { decodeUnverified } from '../packages/jose/dist/unverified.js'
import { fresh } from './measure.js'
import {
  asymmetricPool,
  audience,
  expired,
  forged,
  hs256,
  issuer,
  secretBytes,
  secretKey,
  secretText,
  standardClaims,
} from './tokens.js'

/** @typedef {{ title: string, reference: string, cases: import('./measure.js').Case[] }} Group */

const keyObject = createSecretKey(secretBytes)
const fastOptions = { allowedIss: issuer, allowedAud: audience, cache: false }
const webtokenOptions = { issuer, audience }

/** @returns {Promise<Group[]>} */
export async function groups() {
  return [
    verifyGroup('HS256 verify, standard token', hs256.standard, { peers: true }),
    verifyGroup('HS256 verify, tiny token', hs256.tiny, { peers: false }),
    verifyGroup('HS256 verify, big token', hs256.big, { peers: false }),
    signGroup(),
    decodeGroup(),
    rejectGroup('HS256 bad signature', forged),
    rejectGroup('HS256 expired', expired),
    ...(await Promise.all(
      /** @type {const} */ (['RS256', 'PS256', 'ES256', 'Ed25519']).map(asymmetricGroup),
    )),
  ]
}

/** @param {string} title @param {string[]} tokens @param {{ peers: boolean }} options @returns {Group} */
function verifyGroup(title, tokens, { peers }) {
  const isTiny = title.includes('tiny')
  const ours = createVerifier({
    keys: secretKey,
    issuer: isTiny ? null : issuer,
    audience: isTiny ? null : audience,
  })
  const fast = createFastVerifier({ key: secretBytes, ...(isTiny ? { cache: false } : fastOptions) })
  const cases = [
    { name: 'tessera', run: (/** @type {number} */ i) => ours.verifySync(fresh(tokens[i] ?? '')) },
    { name: 'fast-jwt', run: (/** @type {number} */ i) => fast(fresh(tokens[i] ?? '')) },
  ]
  if (!peers) return { title, reference: 'fast-jwt', cases }
  const signed = tokens.map((token) => token.slice(0, token.lastIndexOf('.')))
  return {
    title,
    reference: 'fast-jwt',
    cases: [
      ...cases,
      {
        name: 'jsonwebtoken, KeyObject',
        run: (i) =>
          jsonwebtoken.verify(fresh(tokens[i] ?? ''), keyObject, {
            algorithms: ['HS256'],
            ...webtokenOptions,
          }),
      },
      {
        name: 'jsonwebtoken, text secret',
        run: (i) =>
          jsonwebtoken.verify(fresh(hs256.text[i] ?? ''), secretText, {
            algorithms: ['HS256'],
            ...webtokenOptions,
          }),
      },
      {
        name: 'jwt-simple',
        run: (i) => jwtSimple.decode(fresh(hs256.text[i] ?? ''), secretText, false, 'HS256'),
      },
      {
        name: 'bare createHmac().update().digest()',
        run: (i) =>
          createHmac('sha256', keyObject)
            .update(fresh(signed[i] ?? ''))
            .digest(),
      },
      { name: 'bare JSON.parse of the claims', run: (i) => JSON.parse(fresh(claimsTexts[i] ?? '')) },
    ],
  }
}

const claimsTexts = hs256.standard.map((_, index) => JSON.stringify(standardClaims(index)))

/** @returns {Group} */
function signGroup() {
  const fast = createSigner({ key: secretBytes, noTimestamp: true })
  return {
    title: 'HS256 sign, standard claims',
    reference: 'fast-jwt',
    cases: [
      { name: 'tessera', run: (i) => encode(standardClaims(i), secretKey) },
      { name: 'fast-jwt', run: (i) => fast(standardClaims(i)) },
      { name: 'jsonwebtoken, KeyObject', run: (i) => jsonwebtoken.sign(standardClaims(i), keyObject) },
    ],
  }
}

/** @returns {Group} */
function decodeGroup() {
  const fast = createDecoder({ complete: true })
  const tokens = hs256.standard
  return {
    title: 'decode without verifying',
    reference: 'fast-jwt',
    cases: [
      { name: 'tessera', run: (i) => decodeUnverified(fresh(tokens[i] ?? '')) },
      { name: 'fast-jwt', run: (i) => fast(fresh(tokens[i] ?? '')) },
      { name: 'jsonwebtoken', run: (i) => jsonwebtoken.decode(fresh(tokens[i] ?? ''), { complete: true }) },
      { name: 'jose (claims alone)', run: (i) => decodeJwt(fresh(tokens[i] ?? '')) },
    ],
  }
}

/** @param {string} title @param {string[]} tokens @returns {Group} */
function rejectGroup(title, tokens) {
  const ours = createVerifier({ keys: secretKey, issuer, audience })
  const fast = createFastVerifier({ key: secretBytes, ...fastOptions })
  return {
    title,
    reference: 'fast-jwt, thrown',
    cases: [
      { name: 'tessera, result', run: (i) => ours.safeVerifySync(fresh(tokens[i] ?? '')) },
      { name: 'tessera, thrown', run: (i) => thrown(() => ours.verifySync(fresh(tokens[i] ?? ''))) },
      { name: 'fast-jwt, thrown', run: (i) => thrown(() => fast(fresh(tokens[i] ?? ''))) },
    ],
  }
}

/** @param {() => unknown} act */
function thrown(act) {
  try {
    act()
  } catch (error) {
    return error
  }
  throw new Error('expected a refusal')
}

/** @param {'RS256' | 'PS256' | 'ES256' | 'Ed25519'} algorithm @returns {Promise<Group>} */
async function asymmetricGroup(algorithm) {
  const { key, tokens } = await asymmetricPool(algorithm)
  const ours = createVerifier({ keys: key.publicKey, issuer, audience })
  const pem = await exportPem(key.publicKey)
  const fast = createFastVerifier({ key: pem, ...fastOptions })
  const publicKey = createPublicKey({
    key: /** @type {any} */ (await exportJwk(key.publicKey)),
    format: 'jwk',
  })
  const parts = tokens.map((token) => {
    const at = token.lastIndexOf('.')
    return {
      input: Buffer.from(token.slice(0, at)),
      signature: Buffer.from(token.slice(at + 1), 'base64url'),
    }
  })
  const hash = algorithm === 'Ed25519' ? null : 'sha256'
  const argument =
    algorithm === 'ES256'
      ? { key: publicKey, dsaEncoding: /** @type {const} */ ('ieee-p1363') }
      : algorithm === 'PS256'
        ? { key: publicKey, padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: 32 }
        : publicKey
  const cases = [
    { name: 'tessera', run: (/** @type {number} */ i) => ours.verifySync(fresh(tokens[i] ?? '')) },
    {
      name: 'bare crypto.verify',
      run: (/** @type {number} */ i) => {
        const { input, signature } = parts[i] ?? { input: Buffer.alloc(0), signature: Buffer.alloc(0) }
        return verifyRaw(hash, input, argument, signature)
      },
    },
  ]
  // Peers know the algorithm by its older name alone.
  if (algorithm !== 'Ed25519') cases.push({ name: 'fast-jwt', run: (i) => fast(fresh(tokens[i] ?? '')) })
  return { title: `${algorithm} verify`, reference: 'bare crypto.verify', cases }
}
