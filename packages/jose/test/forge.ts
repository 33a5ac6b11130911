/** Tokens and keys made with Node's own crypto, so that they share no code with what they test. */
import {
  constants,
  createHmac,
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  sign,
} from 'node:crypto'
import type { KeyObject } from 'node:crypto'
import type { AsymmetricAlgorithm, HmacAlgorithm, SignatureAlgorithm } from '../src/jwa/algorithm.ts'
import { supports } from '../src/jwa/supports.ts'
import type { Jwk } from '../src/jwk/jwk.ts'

/** The present of most tests, in seconds. */
export const now = 1_800_000_000

/** A secret that is long enough for every HMAC algorithm, and what it looks like as bytes. */
export const sharedSecret = 'a shared secret of sixty-four characters, as HS512 would have it'
export const sharedBytes = new TextEncoder().encode(sharedSecret)

export const hmacAlgorithms = ['HS256', 'HS384', 'HS512'] as const satisfies HmacAlgorithm[]
export const mlDsaAlgorithms = ['ML-DSA-44', 'ML-DSA-65', 'ML-DSA-87'] as const

/** Every one, whether this runtime has it or not. */
export const allAsymmetricAlgorithms = [
  'RS256',
  'RS384',
  'RS512',
  'PS256',
  'PS384',
  'PS512',
  'ES256',
  'ES384',
  'ES512',
  'ES256K',
  'Ed25519',
  'Ed448',
  'EdDSA',
  ...mlDsaAlgorithms,
] as const satisfies AsymmetricAlgorithm[]

const supported = await Promise.all(allAsymmetricAlgorithms.map((algorithm) => supports(algorithm)))

/** Those that this runtime has; `supports.test.ts` sees to it that this is true. */
export const asymmetricAlgorithms: readonly AsymmetricAlgorithm[] = allAsymmetricAlgorithms.filter(
  (_algorithm, index) => supported[index],
)
export const hasMlDsa: boolean = asymmetricAlgorithms.includes('ML-DSA-44')
export const algorithms: readonly SignatureAlgorithm[] = [...hmacAlgorithms, ...asymmetricAlgorithms]

export interface Pair {
  readonly algorithm: AsymmetricAlgorithm
  readonly publicKey: KeyObject
  readonly privateKey: KeyObject
  readonly publicJwk: Jwk
  readonly privateJwk: Jwk
}

const made = new Map<string, Pair>()

/** A key pair for an algorithm, made once for each name; the RSA algorithms share one pair unless named apart. */
export function pairFor(algorithm: AsymmetricAlgorithm, name = ''): Pair {
  const family = /^[RP]S/.test(algorithm) ? 'RSA' : algorithm
  const known = made.get(family + name)
  const { publicKey, privateKey } = known ?? generate(algorithm)
  const members = { alg: algorithm, ...(name === '' ? {} : { kid: name }) }
  const pair: Pair = {
    algorithm,
    publicKey,
    privateKey,
    publicJwk: { ...(publicKey.export({ format: 'jwk' }) as Jwk), ...members },
    privateJwk: { ...(privateKey.export({ format: 'jwk' }) as Jwk), ...members },
  }
  made.set(family + name, pair)
  return pair
}

function generate(algorithm: AsymmetricAlgorithm): { publicKey: KeyObject; privateKey: KeyObject } {
  const curves: Readonly<Record<string, string>> = {
    ES256: 'P-256',
    ES384: 'P-384',
    ES512: 'P-521',
    ES256K: 'secp256k1',
  }
  const namedCurve = curves[algorithm]
  if (namedCurve !== undefined) return generateApart('ec', { namedCurve })
  if (/^[RP]S/.test(algorithm)) return generateApart('rsa', { modulusLength: 2048 })
  if (algorithm.startsWith('ML-DSA')) return generateApart(algorithm.toLowerCase())
  return generateApart(algorithm === 'Ed448' ? 'ed448' : 'ed25519')
}

const encodings = {
  publicKeyEncoding: { format: 'der', type: 'spki' },
  privateKeyEncoding: { format: 'der', type: 'pkcs8' },
} as const

/** A pair read from what was made: on Node 20 one straight from the generator can stand still when it is exported. */
function generateApart(type: string, options: object = {}): { publicKey: KeyObject; privateKey: KeyObject } {
  // The types of Node 20 do not name every kind.
  const make = generateKeyPairSync as unknown as (
    type: string,
    options: object,
  ) => Record<'publicKey' | 'privateKey', Buffer>
  const { publicKey: spki, privateKey: pkcs8 } = make(type, { ...options, ...encodings })
  return {
    publicKey: createPublicKey({ key: spki, format: 'der', type: 'spki' }),
    privateKey: createPrivateKey({ key: pkcs8, format: 'der', type: 'pkcs8' }),
  }
}

/** base64url of anything: text and bytes as they are, other values as JSON. */
export function segment(value: unknown): string {
  if (value instanceof Uint8Array) return Buffer.from(value).toString('base64url')
  return Buffer.from(typeof value === 'string' ? value : JSON.stringify(value)).toString('base64url')
}

/** The signature of a signing input, by algorithm. */
export function signatureOf(algorithm: string, key: unknown, input: string): Buffer {
  const hash = `sha${algorithm.slice(2, 5)}`
  if (algorithm.startsWith('HS')) {
    const bytes: Uint8Array = key as Uint8Array
    return createHmac(hash, bytes).update(input).digest()
  }
  const data = Buffer.from(input)
  const privateKey = key as KeyObject
  if (algorithm.startsWith('ES')) return sign(hash, data, { key: privateKey, dsaEncoding: 'ieee-p1363' })
  if (algorithm.startsWith('RS')) return sign(hash, data, privateKey)
  if (algorithm.startsWith('PS')) {
    const padding = constants.RSA_PKCS1_PSS_PADDING
    return sign(hash, data, { key: privateKey, padding, saltLength: Number(algorithm.slice(2)) / 8 })
  }
  return sign(null, data, privateKey)
}

/** A compact token over any header and payload; text stands for itself, so that broken JSON can be signed too. */
export function forge(
  header: unknown,
  payload: unknown,
  { algorithm = 'HS256', key = sharedBytes }: { algorithm?: string; key?: unknown } = {},
): string {
  const input = `${segment(header)}.${segment(payload)}`
  return `${input}.${signatureOf(algorithm, key, input).toString('base64url')}`
}

/** A good HS256 token under `sharedSecret` with a header and claims of one's own. */
export function token(claims: unknown, header: Readonly<Record<string, unknown>> = {}): string {
  return forge({ typ: 'JWT', alg: 'HS256', ...header }, claims)
}
