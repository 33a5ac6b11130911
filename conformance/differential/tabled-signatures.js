// @ts-check
/**
 * Signatures by the tables of `signatures: 'webassembly'` against `node:crypto`, octet by octet: good ones, those with a bit
 * changed, numbers at and beyond the edges of their ranges, and keys and points that no library makes. There are no rules by
 * which the two may differ: where the tables cannot tell (sums that come to infinity), the runtime is asked, and counted.
 */
import { createPrivateKey, createPublicKey, sign, verify } from 'node:crypto'
import { createRandom } from '../fuzz/random.js'
import { edwardsFamilies, edwardsKeys } from './tabled-edwards.js'
import { p256Families, p256Keys } from './tabled-p256.js'

/** @typedef {import('../fuzz/random.js').Random} Random */
/** @typedef {import('./tally.js').Tally} Tally */
/** @typedef {{ data: Uint8Array, signature: Uint8Array }} Signed */
/**
 * A key to verify with, and what it takes to sign under it.
 *
 * @typedef {{ name: string, jwk: Record<string, string>, scalar?: bigint, torsion?: bigint, privateKey?: import('node:crypto').KeyObject }} CurveKey
 */
/** @typedef {Readonly<Record<string, (random: Random, key: CurveKey) => Signed>>} Families */

const crypto = new URL('../../packages/jose/dist/crypto/', import.meta.url)
const curves = [
  {
    name: 'Ed25519',
    open: async () => (await import(new URL('ed25519-tables.js', crypto).href)).openEd25519(),
    keysOf: edwardsKeys,
    families: edwardsFamilies,
  },
  {
    name: 'ES256',
    open: async () => (await import(new URL('p256-tables.js', crypto).href)).openP256(),
    keysOf: p256Keys,
    families: p256Families,
  },
]

/** Signatures of each kind under each key, for one run. */
const perRun = 4

/**
 * @param {Tally} tally
 * @param {{ seed: number, runs: number, only: string }} effort
 */
export async function tabledSignatures(tally, { seed, runs, only }) {
  for (const { name, open, keysOf, families } of curves) {
    if (!name.includes(only)) continue
    const curve = await open()
    keysOf(createRandom(seed, 0)).forEach((key, number) =>
      judgeKey(
        tally,
        { name, key, families, byTable: curve.prepare(key.jwk) },
        { seed: seed + number, runs },
      ),
    )
  }
}

/**
 * @param {Tally} tally
 * @param {{ name: string, key: CurveKey, families: Families, byTable: (data: Uint8Array, signature: Uint8Array, isAtOnce: boolean) => boolean | undefined }} subject
 * @param {{ seed: number, runs: number }} effort
 */
function judgeKey(tally, { name, key, families, byTable }, { seed, runs }) {
  const object = createPublicKey({ key: /** @type {any} */ (key.jwk), format: 'jwk' })
  for (const [family, make] of Object.entries(families)) {
    for (let index = 0; index < runs * perRun; index += 1) {
      const { data, signature } = make(createRandom(seed, index), key)
      const ours = byTable(data, signature, true)
      const theirs = runtimeSays(object, data, signature)
      const row = `${name}, ${key.name}`
      if (ours === undefined) tally.agree(row, 'left to the runtime')
      else if (ours === theirs) tally.agree(row, theirs ? 'good' : 'bad')
      else
        tally.differ(`${row}, ${family}: tables ${ours}, runtime ${theirs}: ${shown(key, data, signature)}`)
    }
  }
}

/** @param {import('node:crypto').KeyObject} key @param {Uint8Array} data @param {Uint8Array} signature */
function runtimeSays(key, data, signature) {
  return key.asymmetricKeyType === 'ec'
    ? verify('sha256', data, { key, dsaEncoding: 'ieee-p1363' }, signature)
    : verify(null, data, key, signature)
}

/** @param {CurveKey} key @param {Uint8Array} data @param {Uint8Array} signature */
function shown({ jwk }, data, signature) {
  const hex = (/** @type {Uint8Array} */ octets) => Buffer.from(octets).toString('hex')
  return `${JSON.stringify(jwk)} data ${hex(data)} signature ${hex(signature)}`
}

/** A key pair of the runtime, as a key to verify with. @param {import('node:crypto').KeyObject} privateKey @returns {CurveKey} */
export function honestKey(privateKey) {
  const jwk = /** @type {Record<string, string>} */ (createPublicKey(privateKey).export({ format: 'jwk' }))
  return { name: 'a usual key', jwk, privateKey }
}

/** @param {Record<string, string>} jwk */
export const privateKeyOf = (jwk) => createPrivateKey({ key: /** @type {any} */ (jwk), format: 'jwk' })

/** A good signature where the key can sign; any octets where nobody can. @param {Random} random @param {CurveKey} key @returns {Signed} */
export function signedBy(random, { privateKey, jwk }) {
  const data = random.bytes(random.below(400))
  if (privateKey === undefined) return { data, signature: random.bytes(64) }
  const signature =
    jwk['kty'] === 'EC'
      ? sign('sha256', data, { key: privateKey, dsaEncoding: 'ieee-p1363' })
      : sign(null, data, privateKey)
  return { data, signature: new Uint8Array(signature) }
}

/** The octets with one bit changed. @param {Random} random @param {Uint8Array} octets */
export function flipped(random, octets) {
  const bit = random.below(octets.length * 8)
  return octets.map((octet, at) => (at === bit >> 3 ? octet ^ (1 << (bit & 7)) : octet))
}

/** @param {Uint8Array[]} parts */
export const join = (...parts) => new Uint8Array(Buffer.concat(parts))
