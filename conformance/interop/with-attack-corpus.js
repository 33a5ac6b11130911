// @ts-check
/**
 * The attack corpus of `@tessera/jose/testing` against libraries in use, with the options that their own pages show:
 * issuer, audience and one algorithm. It proves that the corpus can fail: what each is known to take is found, and none
 * of them is said to take what it refuses.
 */
import { createPublicKey } from 'node:crypto'
import { createVerifier } from '@tessera/jose'
import { createTestIssuer, runAttackCorpus } from '@tessera/jose/testing'
import * as fastJwt from 'fast-jwt'
import * as jose from 'jose'
import jsonwebtoken from 'jsonwebtoken'

/**
 * @typedef {import('@tessera/jose/testing').TestIssuer} TestIssuer
 * @typedef {import('@tessera/jose/testing').AttackReport} AttackReport
 *
 * @typedef {object} Peer
 * @property {string} name
 * @property {(issuer: TestIssuer) => (token: string) => unknown} verifierOf
 * @property {readonly string[]} takes entries that it is known to accept
 */

/** What all three take: the JSON parser of the runtime keeps the last of two members. */
const everybody = ['duplicate-member', 'duplicate-member-escaped', 'duplicate-aud', 'sub-array', 'jti-number']

/** @type {readonly Peer[]} */
const peers = [
  {
    name: 'npm jose 6.2.17',
    verifierOf: (issuer) => {
      const keys =
        issuer.secret === undefined
          ? jose.createLocalJWKSet(/** @type {any} */ (issuer.jwks()))
          : async () => new TextEncoder().encode(issuer.secret)
      const options = { ...policyOf(issuer), algorithms: [issuer.algorithm] }
      return async (token) => (await jose.jwtVerify(token, keys, options)).payload
    },
    // White space and padding inside base64url, and bits that mean nothing.
    takes: [...everybody, 'signature-insert-space', 'payload-insert-line-end', 'non-canonical-signature'],
  },
  {
    name: 'jsonwebtoken 9.0.3',
    verifierOf: (issuer) => {
      const options = { ...policyOf(issuer), algorithms: /** @type {any} */ ([issuer.algorithm]) }
      return (token) => jsonwebtoken.verify(token, keyText(issuer), options)
    },
    // It has no notion of extensions, and reads octets that are not UTF-8.
    takes: [...everybody, 'unknown-crit', 'crit-constructor', 'b64-false-over-encoded', 'payload-utf8-ff'],
  },
  {
    name: 'fast-jwt 6.3.6',
    verifierOf: (issuer) =>
      fastJwt.createVerifier({
        key: keyText(issuer),
        algorithms: /** @type {any} */ ([issuer.algorithm]),
        allowedIss: issuer.issuer,
        allowedAud: issuer.audience,
      }),
    // A token without the claim passes a list of allowed values.
    takes: [...everybody, 'iss-missing', 'aud-missing', 'crit-false', 'payload-utf8-ff'],
  },
]

/** What nobody takes any more, and what every run has to see refused. */
const settled = ['alg-none', 'alg-confusion', 'embedded-key', 'empty-signature', 'wrong-key', 'sweeps']

/** @param {import('./checks.js').Checks} checks */
export async function checkAttackCorpus(checks) {
  for (const algorithm of /** @type {const} */ (['ES256', 'RS256', 'HS256'])) {
    const issuer = await createTestIssuer({ algorithm })
    for (const peer of peers) {
      await checks.check(`the attack corpus finds what ${peer.name} takes with ${algorithm}`, () =>
        findsHoles(issuer, peer),
      )
    }
    await checks.check(`the attack corpus finds nothing in @tessera/jose with ${algorithm}`, async () => {
      const verifier = createVerifier(issuer.trust)
      const report = await runAttackCorpus((token) => verifier.verify(token), { issuer, slowMs: 10_000 })
      if (!report.ok) throw new Error(sumOf(report))
      console.log(`        ${sumOf(report)}`)
    })
  }
}

/** @param {TestIssuer} issuer @param {Peer} peer */
async function findsHoles(issuer, { verifierOf, takes }) {
  const report = await runAttackCorpus(verifierOf(issuer), { issuer, slowMs: 10_000 })
  console.log(`        ${sumOf(report)}`)
  if (report.controlsRefused.length > 0)
    throw new Error(`refused good tokens: ${report.controlsRefused.map(({ id }) => id).join(' ')}`)
  const accepted = new Set(report.accepted.map(({ id }) => id))
  const missed = takes.filter((id) => !accepted.has(id))
  if (missed.length > 0) throw new Error(`expected it to take ${missed.join(' ')}`)
  const wrong = report.accepted.filter(({ category }) => settled.includes(category))
  if (wrong.length > 0) throw new Error(`is said to take ${wrong.map(({ id }) => id).join(' ')}`)
}

/** @param {AttackReport} report */
function sumOf({ total, refused, accepted, controls, controlsRefused, wrongErrors }) {
  const must = accepted.filter(({ level }) => level === 'must').length
  return `${total} attacks: ${refused} refused, accepted ${must} of level must and ${accepted.length - must} of level should, ${wrongErrors.length} refused by accident; ${controls - controlsRefused.length} of ${controls} good tokens accepted`
}

/** @param {TestIssuer} issuer */
function policyOf({ issuer, audience }) {
  return { issuer, audience }
}

/** The secret, or the public key in PEM. @param {TestIssuer} issuer */
function keyText(issuer) {
  if (issuer.secret !== undefined) return issuer.secret
  const jwk = /** @type {any} */ (issuer.jwks().keys[0])
  return String(createPublicKey({ key: jwk, format: 'jwk' }).export({ type: 'spki', format: 'pem' }))
}
