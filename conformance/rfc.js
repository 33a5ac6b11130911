// @ts-check
/** The examples of the RFCs, and the cookbook of RFC 7520: whatever of them speaks of what is built. */
import { readdirSync, existsSync } from 'node:fs'
import { join } from 'node:path'
import { checkBadProof, checkProof } from './rfc-dpop.js'
import { checkCookbookJws, checkJsonJws, verifyAnyJws } from './rfc-jws.js'
import { missingAlgorithms, naturalAlgorithm, whyMissing } from './signature-algorithms.js'
import { readVectors } from './vectors.js'

/**
 * @typedef {import('./surface.js').Surface} Surface
 * @typedef {import('./tally.js').Tally} Tally
 */

/** Why a kind of example is left out for now. @type {Readonly<Record<string, string>>} */
const coming = {
  'jwe-compact': 'JWE is driven by packages/jose/test/jwe, not yet by this runner',
  'jwe-flattened': 'JWE is driven by packages/jose/test/jwe, not yet by this runner',
  'jwe-general': 'JWE is driven by packages/jose/test/jwe, not yet by this runner',
  'aes-cbc-hmac': 'JWE is driven by packages/jose/test/jwe, not yet by this runner',
  'ecdh-es-kdf': 'JWE is driven by packages/jose/test/jwe, not yet by this runner',
  ecdh: 'JWE is driven by packages/jose/test/jwe, not yet by this runner',
  'jwt-nested': 'nested JWTs are driven by packages/jose/test/jwe, not yet by this runner',
  x5c: 'X.509 certificates are not read yet',
  'thumbprint-uri': 'thumbprint URIs are not built yet',
}

/** @type {Readonly<Record<string, (surface: Surface, entry: any) => Promise<string | undefined>>>} */
const drivers = {
  'jws-compact': checkCompact,
  'jws-general': checkJsonJws,
  'jws-flattened': checkJsonJws,
  'jws-detached': checkJsonJws,
  'jws-compact-unencoded': checkJsonJws,
  'cookbook-jws': checkCookbookJws,
  'cookbook-refused': checkRefusedCookbook,
  'jws-negative': checkRefusedJws,
  'jws-unsecured': checkRefusedJws,
  'jwt-unsecured': checkRefusedJwt,
  jwt: checkJwt,
  'access-token': checkAccessToken,
  'access-token-negative': checkBadAccessToken,
  'dpop-proof': checkProof,
  'dpop-negative': checkBadProof,
  thumbprint: checkThumbprint,
  jwk: checkJwk,
  jwks: checkJwks,
  base64url: checkBase64url,
}

/** A secret for tokens that no key may make good. */
const anySecret = new Uint8Array(Buffer.from('any secret of at least thirty-two bytes'))

/**
 * @param {Surface} surface
 * @param {string} directory
 * @param {Tally} tally
 */
export async function runRfcs(surface, directory, tally) {
  const folder = join(directory, 'rfc')
  const files = existsSync(folder)
    ? readdirSync(folder)
        .filter((name) => name.endsWith('.json'))
        .sort()
    : []
  for (const file of files) {
    const group = file.replace(/^rfc(\d+)\.json$/, 'RFC $1')
    for (const entry of readVectors(folder, file)) {
      const reason = reasonToSkip(entry)
      if (reason === undefined) await run(surface, { group, id: `${file} ${entry.name}`, entry }, tally)
      else tally.skip(group, reason)
    }
  }
  await runCookbook(surface, join(directory, 'cookbook'), tally)
}

/** @param {any} entry @returns {string | undefined} */
function reasonToSkip({ kind, key, input, expected }) {
  if (coming[kind] !== undefined) return coming[kind]
  if (kind === 'thumbprint' && input.hash !== 'SHA-256')
    return `thumbprints by ${input.hash} are not built yet`
  if (kind === 'access-token' && key === null) return 'the RFC gives no key for it'
  const natural = kind === 'jws-compact' ? (key?.alg ?? naturalAlgorithm(key)) : undefined
  if (kind === 'jws-compact' && (natural === undefined || missingAlgorithms.includes(natural)))
    return whyMissing(String(natural))
  return drivers[kind] === undefined || expected === undefined
    ? `examples of kind ${kind} have no driver`
    : undefined
}

/**
 * @param {Surface} surface
 * @param {{ group: string, id: string, entry: any }} example
 * @param {Tally} tally
 */
async function run(surface, { group, id, entry }, tally) {
  try {
    const fault = await drivers[entry.kind]?.(surface, entry)
    if (fault === undefined) tally.pass(group, id)
    else tally.fail(group, id, fault)
  } catch (error) {
    tally.fail(group, id, error instanceof Error ? `${error.name}: ${error.message}` : String(error))
  }
}

/** @param {string} token */
const headerOf = (token) => JSON.parse(Buffer.from(token.split('.')[0] ?? '', 'base64url').toString('utf8'))

/** The public half of a JWK. @param {any} jwk */
function publicHalf(jwk) {
  if (jwk.kty === 'oct') return jwk
  const { d: _d, p: _p, q: _q, dp: _dp, dq: _dq, qi: _qi, priv: _priv, ...members } = jwk
  return members
}

/** @param {Surface} surface @param {any} entry */
async function checkCompact(surface, { key, expected, input }) {
  const { alg } = headerOf(expected.compact)
  const verificationKey = await surface.jose.importKey(publicHalf(key), { algorithm: alg })
  const payload = Buffer.from(await surface.verifyJws(expected.compact, verificationKey)).toString('utf8')
  if (payload !== input.payloadRaw) return 'the payload differs'
  // ML-DSA is signed with fresh randomness (FIPS 204 §3.4, the hedged form); the example left it out.
  if (!expected.deterministic || alg.startsWith('ML-DSA')) return undefined
  const signingKey = await surface.jose.importKey(key, { algorithm: alg })
  const [header, body, signature] = expected.compact.split('.')
  const again = await surface.signRaw(signingKey, new Uint8Array(Buffer.from(`${header}.${body}`)))
  return surface.encodeBase64url(again) === signature ? undefined : 'signing again gives another signature'
}

/** @param {Surface} surface @param {any} entry */
async function checkRefusedJws(surface, { key, input }) {
  const jws = input.jws ?? input.compact
  const { alg } = headerOf(input.jws?.protected ?? jws)
  return refusal(surface, async () => {
    const verificationKey =
      key === null
        ? surface.jose.secret('HS256', anySecret)
        : await surface.jose.importKey(key, { algorithm: alg })
    await verifyAnyJws(surface, jws, verificationKey)
  })
}

/** @param {Surface} surface @param {any} entry */
async function checkRefusedJwt(surface, { input }) {
  const { jose } = surface
  const key = jose.secret('HS256', anySecret)
  const options = { issuer: null, audience: null, requireExp: false, now: 1_300_000_000 }
  return (
    (await refusal(surface, () => jose.verifyJwt(input.compact, key, options))) ??
    (await refusal(surface, () => jose.decode(input.compact, key, { now: 1_300_000_000 })))
  )
}

/** @param {Surface} surface @param {any} entry */
async function checkJwt(surface, { key, input, expected }) {
  const { jose } = surface
  const verificationKey = await jose.importKey(publicHalf(key), { algorithm: headerOf(input.compact).alg })
  const at = (/** @type {number} */ now) =>
    jose.verifyJwt(input.compact, verificationKey, { issuer: null, audience: null, now })
  const { claims } = await at(expected.validAt)
  if (!sameJson(claims, expected.claims)) return 'the claims differ'
  const decoded = jose.decode(input.compact, verificationKey, { now: expected.validAt })
  if (!sameJson(decoded, expected.claims)) return 'the claims of decode differ'
  return refusal(surface, () => at(expected.expiredAt), 'expired')
}

/** What RFC 9068 §4 asks of a resource server, in options. */
const accessToken = { typ: 'at+jwt', required: ['sub', 'client_id', 'iat', 'jti'] }

/** @param {Surface} surface @param {any} entry */
async function checkAccessToken(surface, { key, input, expected }) {
  const { jose } = surface
  const verificationKey = await jose.importKey(publicHalf(key), { algorithm: 'RS256' })
  const { iss, aud } = JSON.parse(Buffer.from(input.compact.split('.')[1], 'base64url').toString('utf8'))
  const at = (/** @type {number} */ now) =>
    jose.verifyJwt(input.compact, verificationKey, { ...accessToken, issuer: iss, audience: aud, now })
  const { claims } = await at(expected.validAt)
  if (input.claims !== undefined && !sameJson(claims, input.claims)) return 'the claims differ'
  return expected.expiredAt === undefined
    ? undefined
    : refusal(surface, () => at(expected.expiredAt), 'expired')
}

/** @param {Surface} surface @param {any} entry */
async function checkBadAccessToken(surface, { key, input, expected }) {
  const { jose } = surface
  const { issuer, audience, checkAt: now } = expected
  const verificationKey = await jose.importKey(publicHalf(key), { algorithm: 'RS256' })
  return refusal(surface, () =>
    jose.verifyJwt(input.compact, verificationKey, { ...accessToken, issuer, audience, now }),
  )
}

/** @param {Surface} surface @param {any} entry */
async function checkThumbprint({ jose }, { input, expected }) {
  const thumbprint = await jose.calculateThumbprint(input.jwk)
  return thumbprint === expected.thumbprint ? undefined : `expected ${expected.thumbprint}, got ${thumbprint}`
}

/** Imports, exports and names a key. @param {Surface} surface @param {any} entry */
async function checkJwk({ jose }, { input, expected }) {
  const { jwk } = input
  const algorithm = jwk.alg ?? naturalAlgorithm(jwk)
  const key = await jose.importKey(jwk, { algorithm, extractable: true })
  const exported = await jose.exportJwk(key)
  for (const name of ['kty', 'crv', 'x', 'd', 'n', 'e']) {
    if (exported[name] !== jwk[name]) return `exported member ${name} differs`
  }
  if (expected.publicFromPrivate !== undefined) {
    const { x } = await jose.exportJwk(key.publicKey)
    if (x !== expected.publicFromPrivate) return 'the public half differs'
  }
  if (expected.thumbprintS256 === undefined) return undefined
  return (await jose.calculateThumbprint(key)) === expected.thumbprintS256
    ? undefined
    : 'the thumbprint differs'
}

/** Names every key; imports those that are for signatures. @param {Surface} surface @param {any} entry */
async function checkJwks({ jose }, { input, expected }) {
  for (const [index, jwk] of input.jwks.keys.entries()) {
    const wanted = expected.keys[index]
    if ((await jose.calculateThumbprint(jwk)) !== wanted.thumbprintS256)
      return `key ${index}: the thumbprint differs`
    if (jwk.use === 'enc' || jwk.alg?.endsWith('KW')) continue
    const key = await jose.importKey(jwk, { algorithm: jwk.alg ?? naturalAlgorithm(jwk) })
    const isPrivate = key.type !== 'public'
    if (isPrivate !== wanted.private)
      return `key ${index}: expected ${wanted.private ? 'private' : 'public'}, got ${key.type}`
    if (key.kid !== wanted.kid) return `key ${index}: the kid differs`
  }
  return undefined
}

/** @param {Surface} surface @param {any} entry */
async function checkBase64url({ encodeBase64url, decodeBase64url }, { input, expected }) {
  if (encodeBase64url(Uint8Array.from(input.octets)) !== expected.base64url) return 'encoding differs'
  const back = [...decodeBase64url(expected.base64url, 'RFC 7515 C')]
  return sameJson(back, input.octets) ? undefined : 'decoding differs'
}

/**
 * Why a call that must be refused was not refused well, or undefined.
 *
 * @param {Surface} surface
 * @param {() => unknown} call
 * @param {string} [code]
 */
async function refusal({ jose }, call, code) {
  try {
    await call()
    return 'accepted, expected a refusal'
  } catch (error) {
    if (!jose.isJoseError(error)) return `an error that is not the library's: ${String(error)}`
    const got = /** @type {any} */ (error).code
    return code === undefined || got === code ? undefined : `expected ${code}, got ${got}`
  }
}

/** @param {unknown} a @param {unknown} b */
function sameJson(a, b) {
  return JSON.stringify(a) === JSON.stringify(b)
}

/**
 * RFC 7520: JWS and JWK. The rest waits for its room.
 *
 * @param {Surface} surface
 * @param {string} folder
 * @param {Tally} tally
 */
async function runCookbook(surface, folder, tally) {
  const group = 'RFC 7520 cookbook'
  const files = existsSync(folder)
    ? readdirSync(folder, { recursive: true, encoding: 'utf8' })
        .filter((name) => name.endsWith('.json'))
        .sort()
    : []
  for (const file of files) {
    const vector = readVectors(folder, file)
    const id = `cookbook ${file}`
    if (vector.kty !== undefined) await run(surface, { group, id, entry: cookbookKey(vector) }, tally)
    else if (/^jwe|^6\./.test(file))
      tally.skip(group, 'JWE is driven by packages/jose/test/jwe, not yet by this runner')
    else await run(surface, { group, id, entry: { kind: kindOf(vector), ...vector } }, tally)
    if (vector.output?.compact !== undefined && !/^rfc7797|^jwe|^6\./.test(file))
      await run(surface, { group, id: `${id} (compact)`, entry: cookbookJws(vector) }, tally)
  }
}

/**
 * The file of RFC 7797 §4.2 was signed without the `crit` that its own text shows and that §6 of the RFC asks for: it
 * must be refused.
 *
 * @param {any} vector
 */
function kindOf({ signing, output }) {
  const segment = output.json_flat?.protected
  const isOther = segment !== undefined && headerOf(segment).crit === undefined
  return isOther && signing.protected.crit !== undefined ? 'cookbook-refused' : 'cookbook-jws'
}

/** @param {Surface} surface @param {any} vector */
function checkRefusedCookbook(surface, { input, output }) {
  return refusal(
    surface,
    async () => verifyAnyJws(surface, output.json_flat, await surface.jose.importKey(input.key)),
    'malformed',
  )
}

/** @param {any} jwk */
function cookbookKey(jwk) {
  return { kind: 'jwk', input: { jwk }, expected: {} }
}

/** @param {any} vector */
function cookbookJws({ input, output, reproducible }) {
  const expected = { compact: output.compact, deterministic: reproducible === true }
  return { kind: 'jws-compact', key: input.key, input: { payloadRaw: input.payload }, expected }
}
