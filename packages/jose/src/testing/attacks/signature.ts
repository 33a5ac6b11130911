/** Attacks on the signature itself: other keys, other encodings, numbers out of range. */
import { concatBytes } from '../../encoding/bytes.ts'
import { decodeBase64url, encodeBase64url } from '../../encoding/base64url.ts'
import type { AsymmetricScheme } from '../../crypto/scheme.ts'
import type { AsymmetricAlgorithm } from '../../jwa/algorithm.ts'
import { isHmacAlgorithm, signatureAlgorithms } from '../../jwa/signature-algorithms.ts'
import { supports } from '../../jwa/supports.ts'
import { rawToken, segmentOf, signatureFor } from '../raw-token.ts'
import { type AttackContext, type Line, notApplicable, type Recipe, recipes } from '../recipe.ts'
import { attackerIndex, makeTestKey, type TestKey } from '../test-key.ts'

/** A token with the good header and claims, and another signature. */
function withSignature(edit: (signature: Uint8Array, context: AttackContext) => Uint8Array) {
  return async (context: AttackContext): Promise<string> => {
    const input = `${segmentOf(context.header)}.${segmentOf(context.claims)}`
    return `${input}.${encodeBase64url(edit(await signatureFor(input, context.key), context))}`
  }
}

/** A big-endian number of a fixed length. */
function bytesOf(value: bigint, length: number): Uint8Array {
  const bytes = new Uint8Array(length)
  for (let at = length - 1, rest = value; at >= 0; at -= 1, rest >>= 8n) bytes[at] = Number(rest & 255n)
  return bytes
}

/** The number that octets spell, big-endian. */
export function numberOf(bytes: Uint8Array): bigint {
  return bytes.reduce((sum, byte) => (sum << 8n) | BigInt(byte), 0n)
}

const one = Uint8Array.of(1)
const zero = Uint8Array.of(0)

const lengths: readonly Line[] = [
  ['signature-short', withSignature((signature) => signature.subarray(0, -1))],
  ['signature-short-in-front', withSignature((signature) => signature.subarray(1))],
  ['signature-long', withSignature((signature) => concatBytes([signature, zero]))],
  ['signature-long-in-front', withSignature((signature) => concatBytes([zero, signature]))],
  ['signature-twice', withSignature((signature) => concatBytes([signature, signature]))],
  ['signature-half', withSignature((signature) => signature.subarray(0, signature.length / 2))],
  ['signature-ones', withSignature((signature) => new Uint8Array(signature.length).fill(255))],
  ['signature-backwards', withSignature((signature) => new Uint8Array(signature).reverse())],
]

/** The orders of the curves (SEC 2 §2.4.1, FIPS 186-5; SP 800-186 §3.2.1). */
export const curveOrders: Readonly<Record<string, bigint>> = {
  'P-256': 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n,
  'P-384':
    0xffffffffffffffffffffffffffffffffffffffffffffffffc7634d81f4372ddf581a0db248b0a77aecec196accc52973n,
  'P-521':
    0x1fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffa51868783bf2f966b7fcc0148f709a5d03bb5c9b8899c47aebb6fb71e91386409n,
  secp256k1: 0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141n,
}

/** Pairs of numbers in place of r and s; -1 and 0 stand for n - 1 and n. */
const pairs: readonly (readonly [string, (order: bigint) => readonly [bigint, bigint]])[] = [
  ['r0-s0', () => [0n, 0n]],
  ['r0-s1', () => [0n, 1n]],
  ['r1-s0', () => [1n, 0n]],
  ['r1-s1', () => [1n, 1n]],
  ['rn-s1', (n) => [n, 1n]],
  ['r0-sn', (n) => [0n, n]],
  ['rn-sn', (n) => [n, n]],
  ['r-most-s-most', (n) => [n - 1n, n - 1n]],
]

function ecdsaLines(curve: string): Line[] {
  const order = curveOrders[curve]!
  const halves = (signature: Uint8Array): readonly [Uint8Array, Uint8Array] => {
    const size = signature.length / 2
    return [signature.subarray(0, size), signature.subarray(size)]
  }
  return [
    ...pairs.map(([id, pair]): Line => [
      `ecdsa-${id}`,
      withSignature(({ length }) => concatBytes(pair(order).map((value) => bytesOf(value, length / 2)))),
      { why: 'two numbers that fit every message: no key was needed', reference: 'CVE-2022-21449' },
    ]),
    ['ecdsa-s0', withSignature((whole) => concatBytes([halves(whole)[0], new Uint8Array(whole.length / 2)]))],
    ['ecdsa-r0', withSignature((whole) => concatBytes([new Uint8Array(whole.length / 2), halves(whole)[1]]))],
    ['ecdsa-swapped', withSignature((whole) => concatBytes([...halves(whole)].reverse()))],
    [
      'ecdsa-padded-halves',
      withSignature((whole) => concatBytes(halves(whole).flatMap((half) => [zero, half]))),
    ],
    ['ecdsa-der', withSignature((whole) => derOf(halves(whole).map(numberOf)))],
  ]
}

/** The SEQUENCE of INTEGERs that other formats write ECDSA signatures as (RFC 3279 §2.2.3). */
function derOf(values: readonly bigint[]): Uint8Array {
  const integers = values.map((value) => {
    const bytes = bytesOf(value, Math.floor(value.toString(2).length / 8) + 1)
    return concatBytes([Uint8Array.of(2, bytes.length), bytes])
  })
  const body = concatBytes(integers)
  const length = body.length < 128 ? [body.length] : [0x81, body.length]
  return concatBytes([Uint8Array.of(0x30, ...length), body])
}

const rsaLines: readonly Line[] = [
  ['rsa-one', withSignature(({ length }) => bytesOf(1n, length))],
  [
    'rsa-modulus-less-one',
    withSignature((whole, { key }) => bytesOf(modulus(key.privateJwk) - 1n, whole.length)),
  ],
  [
    'rsa-plus-modulus',
    // RFC 8017 §5.2.2: the representative must be below the modulus. It has room for one more wherever it is small.
    withSignature((whole, { key }) => {
      const sum = numberOf(whole) + modulus(key.privateJwk)
      return bytesOf(sum, Math.max(whole.length, Math.ceil(sum.toString(2).length / 8)))
    }),
  ],
]

function modulus(jwk: { readonly n?: string }): bigint {
  return numberOf(decodeBase64url(jwk.n!, 'n'))
}

/** The order of the base point (RFC 8032 §5.1, §5.2). */
const edwardsOrders: Readonly<Record<string, bigint>> = {
  Ed25519: (1n << 252n) + 27_742_317_777_372_353_535_851_937_790_883_648_493n,
  Ed448:
    (1n << 446n) -
    13_818_066_809_895_115_352_007_386_748_515_426_880_336_692_474_882_178_609_894_547_503_885n,
}

/** RFC 8032 §5.1.7, §5.2.7: the second half is a number below the order; with the order added it is the same for sums. */
function edwardsLines(curve: string): Line[] {
  return [
    [
      'eddsa-plus-order',
      withSignature((whole) => {
        const size = whole.length / 2
        const sum = numberOf(new Uint8Array(whole.subarray(size)).reverse()) + edwardsOrders[curve]!
        return concatBytes([whole.subarray(0, size), bytesOf(sum, size).reverse()])
      }),
    ],
    ['eddsa-identity', withSignature(({ length }) => concatBytes([one, new Uint8Array(length - 1)]))],
  ]
}

function linesFor(scheme: AsymmetricScheme): readonly Line[] {
  if (scheme.kind === 'ecdsa') return ecdsaLines(scheme.curve)
  if (scheme.kind === 'eddsa') return edwardsLines(scheme.curve)
  return scheme.kind === 'rsa-pkcs1' || scheme.kind === 'rsa-pss' ? rsaLines : []
}

const foreignKeys = new Map<AsymmetricAlgorithm, Promise<TestKey | undefined>>()

/** The attacker's key for an algorithm, made once; undefined where the runtime lacks it. */
function foreignKey(algorithm: AsymmetricAlgorithm): Promise<TestKey | undefined> {
  const make = async (): Promise<TestKey | undefined> =>
    (await supports(algorithm)) ? makeTestKey(algorithm, attackerIndex) : undefined
  const known = foreignKeys.get(algorithm) ?? make()
  foreignKeys.set(algorithm, known)
  return known
}

/** A token of the attacker under each algorithm that the issuer does not use. */
const foreign: readonly Line[] = signatureAlgorithms
  .filter((name): name is AsymmetricAlgorithm => !isHmacAlgorithm(name))
  .map((algorithm) => [
    `foreign-${algorithm}`,
    async ({ row, header, claims, key }) => {
      const attacker = row.algorithm === algorithm ? undefined : await foreignKey(algorithm)
      if (attacker === undefined) return notApplicable
      return rawToken({ ...header, alg: algorithm, kid: key.signingKey.kid }, claims, attacker)
    },
  ])

const keys: readonly Line[] = [
  ['wrong-key', ({ header, claims, sign, attacker }) => sign(header, claims, attacker)],
  [
    'wrong-key-own-kid',
    ({ header, claims, sign, attacker }) =>
      sign({ ...header, kid: attacker.signingKey.kid }, claims, attacker),
  ],
  [
    'wrong-key-without-kid',
    ({ header, claims, sign, attacker }) => sign({ ...header, kid: undefined }, claims, attacker),
  ],
  [
    'changed-claims',
    async ({ header, claims, sign }) => {
      const [first, , signature] = (await sign(header, claims)).split('.')
      return `${first}.${segmentOf({ ...claims, sub: 'admin' })}.${signature}`
    },
  ],
  [
    'changed-header',
    async ({ header, claims, sign }) => {
      const [, payload, signature] = (await sign(header, claims)).split('.')
      return `${segmentOf({ ...header, x: 1 })}.${payload}.${signature}`
    },
  ],
  [
    'signature-of-another-token',
    async ({ header, claims, sign }) => {
      const [first, payload] = (await sign(header, claims)).split('.')
      const other = await sign(header, { ...claims, sub: 'somebody else' })
      return `${first}.${payload}.${other.split('.')[2]}`
    },
  ],
]

/** The attacks on the signature, as far as they fit the issuer's algorithm. */
export function signatureAttacks({ row }: AttackContext): readonly Recipe[] {
  const scheme = row.scheme
  return [
    ...recipes(
      {
        category: 'wrong-key',
        why: 'a signature by anybody was as good as one by the issuer',
        reference: 'RFC 7515 §5.2, RFC 8725 §3.3',
      },
      [...keys, ...foreign],
    ),
    ...recipes(
      {
        category: 'signature-bytes',
        why: 'octets that are not the signature were read as one: one token has several spellings, or needs no key',
        reference: 'RFC 7518 §3.3–3.5, RFC 8032 §5.1.7',
      },
      [...lengths, ...(scheme.kind === 'hmac' ? [] : linesFor(scheme))],
    ),
  ]
}
