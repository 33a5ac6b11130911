/**
 * Makes the keys that tests use where there is no `node:crypto`, and those of the tests' own files, as JSON on
 * standard output. Run by Node 24, which has
 * every kind: Node writes every form of them, so that no encoder of ours has a part in the reference.
 */
import { createPrivateKey, createPublicKey, generateKeyPairSync } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { kindOf } from './key-kind.js'

/** How many of each kind. @type {[number, string, Record<string, unknown>?][]} */
const wanted = [
  [40, 'ec', { namedCurve: 'P-256' }],
  [6, 'ec', { namedCurve: 'P-384' }],
  [6, 'ec', { namedCurve: 'P-521' }],
  [6, 'ec', { namedCurve: 'secp256k1' }],
  [2, 'ec', { namedCurve: 'secp224r1' }],
  [12, 'rsa', { modulusLength: 2048 }],
  [4, 'rsa', { modulusLength: 1024 }],
  [2, 'rsa', { modulusLength: 2040 }],
  [2, 'rsa', { modulusLength: 2048, publicExponent: 3 }],
  [1, 'rsa', { modulusLength: 4104 }],
  [1, 'rsa-pss', { modulusLength: 2048 }],
  [1, 'dsa', { modulusLength: 2048, divisorLength: 256 }],
  [16, 'ed25519'],
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

/** @param {any} publicKey @param {any} privateKey */
const pairOf = (publicKey, privateKey) => ({
  publicKey: formsOf(publicKey, ['spki', 'pkcs1']),
  privateKey: formsOf(privateKey, ['pkcs8', 'pkcs1', 'sec1']),
})

/** @type {Record<string, unknown[]>} */
const pool = {}
for (const [count, type, options = {}] of wanted) {
  pool[kindOf(type, options)] = Array.from({ length: count }, () => {
    const { publicKey, privateKey } = /** @type {any} */ (generateKeyPairSync)(type, options)
    return pairOf(publicKey, privateKey)
  })
}

/** The keys in the PEM files of a folder: tests read them with `createPrivateKey`. */
const [folder = '.'] = process.argv.slice(2)
const files = readdirSync(folder, { recursive: true, encoding: 'utf8' })
  .filter((path) => path.endsWith('.pem'))
  .map((path) => readFileSync(join(folder, path), 'utf8'))
  .filter((pem) => pem.startsWith('-----BEGIN PRIVATE KEY-----'))
  .map((pem) => pairOf(createPublicKey(pem), createPrivateKey(pem)))

process.stdout.write(JSON.stringify({ pool, files }))
