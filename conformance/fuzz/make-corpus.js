// @ts-check
/**
 * Makes `corpus.json`: valid samples of every kind that the library reads, with the keys that they need. It is kept in the
 * repository because signatures and ciphertexts are random, and an input of the fuzz has to come again from its number.
 *
 *     node conformance/fuzz/make-corpus.js
 */
import { createPrivateKey, createPublicKey, generateKeyPairSync, randomBytes } from 'node:crypto'
import { readFileSync, writeFileSync } from 'node:fs'
import { encode, encryptJwt, exportJwk, generateKey, importKey, sealJwt } from '@tessera/jose'
import { createDpopProof } from '@tessera/jose/dpop'
import { encryptFlattened, encryptGeneral } from '@tessera/jose/jwe'
import { signCompact, signFlattened, signGeneral } from '@tessera/jose/jws'

/** @typedef {import('@tessera/jose').Jwk} Jwk */

const claims = {
  iss: 'https://issuer.example',
  sub: 'user-5',
  aud: ['api', 'other'],
  exp: 4_102_444_800,
  nbf: 1_600_000_000,
  iat: 1_700_000_000,
  jti: 'f3a1c9d2',
  scope: 'read write',
  cnf: { jkt: 'abc' },
}
const octets = 'any octets, and not only claims'
const detached = 'elsewhere, and not in base64url'
const password = 'correct horse battery staple, and then some'
const contents = ['A128GCM', 'A192GCM', 'A256GCM', 'A128CBC-HS256', 'A192CBC-HS384', 'A256CBC-HS512']
/** Octets of the secrets. */
const secrets = {
  HS256: 32,
  HS384: 48,
  HS512: 64,
  A128GCM: 16,
  A192GCM: 24,
  A256GCM: 32,
  'A128CBC-HS256': 32,
  'A192CBC-HS384': 48,
  'A256CBC-HS512': 64,
  A128KW: 16,
  A256KW: 32,
  A128GCMKW: 16,
  A256GCMKW: 32,
}
const overRsa = 'RS256 RS384 RS512 PS256 PS384 PS512 RSA-OAEP RSA-OAEP-256'.split(' ')
const overCurves = 'ES256 ES384 ES512 ES256K Ed25519 EdDSA Ed448'.split(' ')
const agreements = { 'ECDH-ES': 'P-256', 'ECDH-ES+A128KW': 'X25519', 'ECDH-ES+A256KW': 'P-521' }

/** @type {Record<string, Jwk>} */
const keys = {}
const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 })

async function makeKeys() {
  for (const [alg, size] of Object.entries(secrets))
    keys[alg] = { kty: 'oct', k: randomBytes(size).toString('base64url'), alg }
  const alg = 'PBES2-HS256+A128KW'
  keys[alg] = { kty: 'oct', k: Buffer.from(password).toString('base64url'), alg }
  for (const name of overRsa)
    keys[name] = { .../** @type {Jwk} */ (rsa.privateKey.export({ format: 'jwk' })), alg: name, kid: name }
  const pairs = [...overCurves.map((name) => [name, undefined]), ...Object.entries(agreements)]
  for (const [name, curve] of pairs) {
    const options = { extractable: true, ...(curve === undefined ? {} : { curve }) }
    const key = await generateKey(/** @type {any} */ (name), /** @type {any} */ (options))
    keys[String(name)] = await exportJwk(key)
  }
}

/** What signs or decrypts. @param {string} name @returns {Promise<any>} */
const holder = (name) => importKey(/** @type {any} */ (keys)[name])

/** What encrypts. @param {string} name @returns {Promise<any>} */
async function lock(name) {
  const key = await holder(name)
  return key.publicKey ?? key
}

async function makeSigned() {
  /** @type {{ key: string, text: string }[]} */
  const jwts = []
  for (const name of [...Object.keys(secrets).slice(0, 3), ...overRsa.slice(0, 6), ...overCurves]) {
    const key = await holder(name)
    jwts.push({ key: name, text: encode(claims, key) })
    jwts.push({ key: name, text: encode({ sub: 'a' }, key, { header: { typ: 'at+jwt', kid: name } }) })
  }
  return jwts
}

async function makeEncrypted() {
  /** @type {{ key: string, text: string, isNested?: boolean }[]} */
  const jwes = []
  const names = Object.keys(keys).filter((name) => /^(A|RSA|ECDH)/.test(name))
  for (const [index, name] of names.entries()) {
    const enc = contents.includes(name) ? {} : { enc: contents[index % contents.length] }
    jwes.push({ key: name, text: await encryptJwt(claims, await lock(name), /** @type {any} */ (enc)) })
  }
  const byPassword = await encryptJwt(claims, await lock('PBES2-HS256+A128KW'), { pbes2Iterations: 1000 })
  jwes.push({ key: 'PBES2-HS256+A128KW', text: byPassword })
  const zipped = await encryptJwt(claims, await lock('A256GCM'), { zip: 'DEF' })
  jwes.push({ key: 'A256GCM', text: zipped })
  const parties = { signWith: await holder('ES256'), encryptFor: await lock('A256GCM') }
  jwes.push({ key: 'A256GCM', isNested: true, text: await sealJwt(claims, parties) })
  return jwes
}

async function makeOtherSerializations() {
  const pair = await holder('ES256')
  const shared = await holder('HS256')
  const signers = [{ key: pair }, { key: shared, unprotectedHeader: { kid: 'a' } }]
  const unencoded = /** @type {const} */ ({ b64: false })
  const elsewhere = /** @type {const} */ ({ detached: true })
  const compact = [
    { key: 'ES256', value: await signCompact(octets, pair) },
    { key: 'HS256', value: await signCompact(octets, shared, unencoded) },
    { key: 'HS256', value: await signCompact(detached, shared, elsewhere), isDetached: true },
  ]
  const flattened = [
    { key: 'ES256', value: await signFlattened(octets, pair, { unprotectedHeader: { note: 'x' } }) },
    { key: 'HS256', value: await signFlattened(octets, shared, unencoded) },
    {
      key: 'HS256',
      value: await signFlattened(detached, shared, { ...unencoded, ...elsewhere }),
      isDetached: true,
    },
  ]
  const general = [
    { key: 'HS256', value: await signGeneral(octets, [{ key: shared }]) },
    { key: 'HS256', value: await signGeneral(octets, signers) },
  ]
  const aad = 'read by all'
  const recipients = ['RSA-OAEP', 'A128KW', 'ECDH-ES+A128KW']
  const locks = await Promise.all(
    recipients.map(async (name) => ({ key: await lock(name), header: { note: name } })),
  )
  const unprotectedHeader = { note: 'x' }
  const encrypted = [
    {
      key: 'A256GCM',
      value: await encryptFlattened(octets, await lock('A256GCM'), { aad, unprotectedHeader }),
    },
    { key: 'ECDH-ES', value: await encryptFlattened(octets, await lock('ECDH-ES')) },
    { key: 'A128KW', value: await encryptGeneral(octets, locks, { aad }) },
  ]
  return { compact, flattened, general, encrypted }
}

/** Proofs of possession for one request (RFC 9449). */
async function makeProofs() {
  const request = { method: 'GET', url: 'https://api.example/me', now: 1_800_000_000 }
  return Promise.all(
    ['ES256', 'Ed25519'].map(async (name) => ({
      key: name,
      text: await createDpopProof(await holder(name), request),
    })),
  )
}

/** Keys in every form that has a PEM label. */
function makePems() {
  const names = ['ES256', 'ES384', 'ES256K', 'Ed25519', 'Ed448', 'ECDH-ES+A128KW']
  const made = names.map((name) => [
    name,
    createPrivateKey({ key: /** @type {any} */ (keys[name]), format: 'jwk' }),
  ])
  const pem = /** @type {const} */ ({ format: 'pem' })
  /** @type {Record<string, string>} */
  const pems = {}
  for (const [name, key] of /** @type {[string, import('node:crypto').KeyObject][]} */ ([
    ...made,
    ['RSA', rsa.privateKey],
  ])) {
    pems[`${name}, PKCS #8`] = String(key.export({ ...pem, type: 'pkcs8' }))
    pems[`${name}, SPKI`] = String(createPublicKey(key).export({ ...pem, type: 'spki' }))
    if (name === 'ES256') {
      pems['ES256, SEC 1'] = String(key.export({ ...pem, type: 'sec1' }))
      const locked = { cipher: 'aes-256-cbc', passphrase: password }
      pems['ES256, PKCS #8 encrypted'] = String(key.export({ ...pem, type: 'pkcs8', ...locked }))
    }
  }
  pems['RSA, PKCS #1'] = String(rsa.privateKey.export({ ...pem, type: 'pkcs1' }))
  pems['RSA, PKCS #1 public'] = String(rsa.publicKey.export({ ...pem, type: 'pkcs1' }))
  const certificate = new URL('../../packages/jose/test/jwk/certificate.pem', import.meta.url)
  pems['X.509'] = readFileSync(certificate, 'utf8')
  return pems
}

await makeKeys()
const corpus = {
  password,
  octets,
  detached,
  keys,
  jwts: await makeSigned(),
  jwes: await makeEncrypted(),
  ...(await makeOtherSerializations()),
  proofs: await makeProofs(),
  pems: makePems(),
}
const file = new URL('corpus.json', import.meta.url)
writeFileSync(file, `${JSON.stringify(corpus, null, 2)}\n`)
console.log(`corpus.json: ${JSON.stringify(corpus).length} characters`)
