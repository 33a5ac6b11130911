/**
 * Attacks on the choice of the algorithm. Names of algorithms are spelled here as an attacker spells them: in a header that
 * nobody should believe.
 */
import { hmac } from '../../crypto/hmac.ts'
import type { HashName } from '../../crypto/scheme.ts'
import { decodeBase64url, encodeBase64url } from '../../encoding/base64url.ts'
import type { HmacAlgorithm } from '../../jwa/algorithm.ts'
import { isHmacAlgorithm, rowsForKey } from '../../jwa/signature-algorithms.ts'
import { exportPem } from '../../jwk/export.ts'
import type { PrivateKey } from '../../jwk/key.ts'
import { makeSecret } from '../../jwk/secret.ts'
import { octetsOf, type Part, rawToken, segmentOf, signatureFor } from '../raw-token.ts'
import { type AttackContext, changed, type Line, type Recipe, recipes, withHeader } from '../recipe.ts'
import { keyFrom, type TestKey } from '../test-key.ts'

/** A token with a header and no signature at all. */
function unsigned(changes: object) {
  return ({ header, claims }: AttackContext): string =>
    `${segmentOf({ ...header, ...changes })}.${segmentOf(claims)}.`
}

/** The sixteen ways to write none in upper and lower case. */
const caseVariants = Array.from({ length: 16 }, (_, bits) =>
  Array.from('none', (letter, at) => ((bits >> at) & 1 ? letter.toUpperCase() : letter)).join(''),
)

function noneId(name: string): string {
  if (name === 'none') return 'alg-none'
  return name === 'nOnE' ? 'alg-none-case' : `none-${name}`
}

const none = recipes(
  {
    category: 'alg-none',
    why: 'a token that says itself that it is not signed can be written by anybody',
    reference: 'RFC 8725 §3.2, CVE-2015-9235, CVE-2019-7644',
  },
  [
    ...caseVariants.map((alg): Line => [noneId(alg), unsigned({ alg })]),
    ['none-trailing-space', unsigned({ alg: 'none ' })],
    ['none-leading-space', unsigned({ alg: ' none' })],
    ['none-nul', unsigned({ alg: 'none\0' })],
    ['none-fullwidth', unsigned({ alg: '\uff4eone' })],
    ['none-empty-name', unsigned({ alg: '' })],
    ['none-without-kid', unsigned({ alg: 'none', kid: undefined })],
    ['none-signed', withHeader({ alg: 'none' })],
    [
      'none-old-signature',
      changed((token, { header }) => token.replace(/^[^.]*/, segmentOf({ ...header, alg: 'none' }))),
    ],
    ['none-junk-signature', (context) => `${unsigned({ alg: 'none' })(context)}AAAA`],
    ['none-two-parts', (context) => unsigned({ alg: 'none' })(context).slice(0, -1)],
  ],
)

/** Values of `alg` that are not the name of the algorithm by which the token is signed. */
const badNames: readonly (readonly [string, (name: string) => unknown])[] = [
  ['absent', () => undefined],
  ['null', () => null],
  ['false', () => false],
  ['zero', () => 0],
  ['number', () => 256],
  ['array', (name) => [name]],
  ['array-none', () => ['none']],
  ['object', () => ({ a: 1 })],
  ['lower-case', (name) => (name.toLowerCase() === name ? name.toUpperCase() : name.toLowerCase())],
  ['dash', (name) => `${name.slice(0, 2)}-${name.slice(2)}`],
  ['long-name', () => 'SHA256withECDSA'],
  ['nul', (name) => `${name}\0`],
  ['trailing-space', (name) => `${name} `],
  ['proto', () => '__proto__'],
  ['to-string', () => 'toString'],
  ['has-own', () => 'hasOwnProperty'],
]

const headers = recipes(
  {
    category: 'alg-header',
    why: 'a verifier that guesses what an unknown name means lets the token choose how it is checked',
    reference: 'RFC 7515 §4.1.1, RFC 8725 §3.1',
  },
  badNames.map(([id, alg]): Line => [
    `alg-${id}`,
    (context) => withHeader({ alg: alg(context.row.algorithm) })(context),
  ]),
)

/** The issuer's key misused for each other algorithm that it would fit. */
function siblings({ row }: AttackContext): readonly Recipe[] {
  const others = rowsForKey(row.kty, row.crv).filter(
    ({ algorithm, alias }) => algorithm !== row.algorithm && alias !== row.algorithm,
  )
  return recipes(
    {
      category: 'alg-header',
      why: 'a key that is used with several algorithms is as safe as the weakest of them',
      reference: 'RFC 8725 §3.1, CVE-2026-48523',
    },
    others.flatMap((other): Line[] => [
      [
        `alg-sibling-${other.algorithm}`,
        async ({ header, claims, key }) =>
          rawToken({ ...header, alg: other.algorithm }, claims, await misuse(key, other)),
      ],
      [
        `alg-signed-as-${other.algorithm}`,
        async ({ header, claims, key }) => rawToken(header, claims, await misuse(key, other)),
      ],
    ]),
  )
}

async function misuse(key: TestKey, other: AttackContext['row']): Promise<TestKey> {
  if (!isHmacAlgorithm(other.algorithm)) return keyFrom(key.privateJwk, other)
  const bytes = decodeBase64url(key.privateJwk.k!, 'k')
  return { ...key, signingKey: makeSecret(other.algorithm, bytes, { allowWeakKey: true }) }
}

/** The forms in which an attacker can get hold of the public key, and use it as if it were a secret. */
const publicForms: readonly (readonly [string, (pem: string, jwk: object) => Part])[] = [
  ['hs256-with-public-key', (pem) => pem],
  ['hs256-pem-no-newline', (pem) => pem.trimEnd()],
  ['hs256-pem-crlf', (pem) => pem.replaceAll('\n', '\r\n')],
  ['hs256-pem-one-line', (pem) => pem.trimEnd().replaceAll('\n', ' ')],
  ['hs256-pem-escaped', (pem) => pem.replaceAll('\n', String.raw`\n`)],
  ['hs256-pem-quoted', (pem) => `"${pem}"`],
  ['hs256-pem-indented', (pem) => pem.replaceAll(/^/gm, '  ')],
  ['hs256-der', (pem) => Uint8Array.from(atob(bodyOf(pem)), (octet) => octet.charCodeAt(0))],
  ['hs256-der-base64', (pem) => bodyOf(pem)],
  ['hs256-jwk', (_pem, jwk) => jwk],
  ['hs256-jwks', (_pem, jwk) => ({ keys: [jwk] })],
  ['hs256-member-text', (_pem, jwk) => memberOf(jwk)],
  ['hs256-member-bytes', (_pem, jwk) => decodeBase64url(memberOf(jwk), 'member')],
]

function bodyOf(pem: string): string {
  return pem.replaceAll(/-----[^-]+-----|\s/g, '')
}

function memberOf(jwk: object): string {
  const { n, x, pub } = jwk as { readonly n?: string; readonly x?: string; readonly pub?: string }
  return n ?? x ?? pub ?? ''
}

/** A token whose MAC is keyed with anything. */
function macWith(algorithm: HmacAlgorithm, secret: Part, { header, claims }: AttackContext): string {
  const input = `${segmentOf({ ...header, alg: algorithm })}.${segmentOf(claims)}`
  const hash: HashName = `SHA-${algorithm.slice(2) as '256' | '384' | '512'}`
  return `${input}.${encodeBase64url(hmac(hash, octetsOf(secret), octetsOf(input)))}`
}

const confusion = recipes(
  {
    category: 'alg-confusion',
    why: 'whoever has the public key, which is everybody, can make tokens',
    reference: 'RFC 8725 §2.1, CVE-2016-10555, CVE-2022-29217, CVE-2023-48223',
  },
  [
    ...publicForms.map(([id, form]): Line => [
      id,
      async (context) => macWith('HS256', form(await pemOf(context.key), context.key.publicJwk!), context),
    ]),
    ['hs384-with-public-key', async (context) => macWith('HS384', await pemOf(context.key), context)],
    ['hs512-with-public-key', async (context) => macWith('HS512', await pemOf(context.key), context)],
  ],
)

function pemOf({ signingKey }: TestKey): Promise<string> {
  return exportPem((signingKey as PrivateKey).publicKey)
}

const guessed = recipes(
  {
    category: 'wrong-key',
    why: 'a secret that can be guessed, or that was never set, signs for everybody',
    reference: 'RFC 8725 §3.5, CVE-2026-45363, CVE-2026-44351',
  },
  ['', 'secret', 'password', 'undefined', 'null', 'your-256-bit-secret'].map((text, at): Line => [
    `hs256-guessed-${at}`,
    (context) => macWith('HS256', text, context),
  ]),
)

const empty = recipes(
  {
    category: 'empty-signature',
    why: 'a signature that is not looked at, or compared with nothing, protects nothing',
    reference: 'RFC 7515 §5.2, CVE-2026-23993',
  },
  [
    ['stripped-signature', changed((token) => token.slice(0, token.lastIndexOf('.') + 1))],
    ['stripped-third-part', changed((token) => token.slice(0, token.lastIndexOf('.')))],
    ['signature-one-byte', changed((token) => `${token.slice(0, token.lastIndexOf('.'))}.AA`)],
    ['signature-zeros', zeroSignature((length) => length)],
    ['signature-zeros-32', zeroSignature(() => 32)],
  ],
)

function zeroSignature(size: (length: number) => number) {
  return async ({ header, claims, key }: AttackContext): Promise<string> => {
    const input = `${segmentOf(header)}.${segmentOf(claims)}`
    const { length } = await signatureFor(input, key)
    return `${input}.${encodeBase64url(new Uint8Array(size(length)))}`
  }
}

/** The attacks on the choice of the algorithm, as far as they fit the issuer's own. */
export function algorithmAttacks(context: AttackContext): readonly Recipe[] {
  const isPublic = context.key.publicJwk !== undefined
  return [...none, ...headers, ...siblings(context), ...(isPublic ? confusion : []), ...guessed, ...empty]
}
