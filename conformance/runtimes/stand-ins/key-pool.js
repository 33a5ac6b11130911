/**
 * Makes the keys that tests use where there is no `node:crypto`, as JSON on standard output. Run by Node 26, which has
 * every kind: Node writes every form of them, so that no encoder of ours has a part in the reference.
 */
import { generateKeyPairSync } from 'node:crypto'

/** How many of each kind. @type {[number, string, { namedCurve?: string, modulusLength?: number, divisorLength?: number }?][]} */
const wanted = [
  [12, 'ec', { namedCurve: 'P-256' }],
  [6, 'ec', { namedCurve: 'P-384' }],
  [6, 'ec', { namedCurve: 'P-521' }],
  [6, 'ec', { namedCurve: 'secp256k1' }],
  [2, 'ec', { namedCurve: 'secp224r1' }],
  [12, 'rsa', { modulusLength: 2048 }],
  [2, 'rsa', { modulusLength: 1024 }],
  [1, 'rsa-pss', { modulusLength: 2048 }],
  [1, 'dsa', { modulusLength: 2048, divisorLength: 256 }],
  [12, 'ed25519'],
  [6, 'ed448'],
  [4, 'x25519'],
  [4, 'x448'],
  [4, 'ml-dsa-44'],
  [4, 'ml-dsa-65'],
  [4, 'ml-dsa-87'],
]

/** @param {any} key @param {string[]} types */
function formsOf(key, types) {
  /** @type {Record<string, unknown>} */
  const forms = {}
  for (const type of types) {
    try {
      forms[type] = key.export({ format: 'der', type }).toString('base64')
    } catch {
      // Not every kind of key has this form.
    }
  }
  try {
    forms['jwk'] = key.export({ format: 'jwk' })
  } catch {
    // Nor a JWK.
  }
  return forms
}

/** @type {Record<string, unknown[]>} */
const pool = {}
for (const [count, type, options = {}] of wanted) {
  pool[`${type} ${options.namedCurve ?? options.modulusLength ?? ''}`.trim()] = Array.from(
    { length: count },
    () => {
      const pair = /** @type {any} */ (generateKeyPairSync)(type, options)
      return {
        publicKey: formsOf(pair.publicKey, ['spki', 'pkcs1']),
        privateKey: formsOf(pair.privateKey, ['pkcs8', 'pkcs1', 'sec1']),
      }
    },
  )
}
process.stdout.write(JSON.stringify(pool))
