/** What an attacker who holds one good token can make of it. Each forgery is a line; all are to be refused. */
import { createHmac, generateKeyPairSync, sign } from 'node:crypto'

/** A good token in its parts. */
export interface GoodToken {
  readonly text: string
  readonly header: Readonly<Record<string, unknown>>
  readonly claims: Readonly<Record<string, unknown>>
  /** base64url. */
  readonly segments: readonly [header: string, claims: string, signature: string]
  /** What the issuer publishes: forms of a public key that somebody might take for a shared secret. */
  readonly publicForms: readonly string[]
}

export interface Forgery {
  readonly id: string
  readonly token: string
  /** What follows when it is accepted. */
  readonly why: string
  /** The section of an RFC, or the published incident. */
  readonly reference: string
}

interface Rule {
  readonly why: string
  readonly reference: string
  /** Undefined where the token gives no occasion for it. */
  readonly make: (token: GoodToken) => Readonly<Record<string, string | undefined>>
}

const segment = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url')
const unsigned = (header: object, claims: object): string => `${segment(header)}.${segment(claims)}.`

const without = (header: GoodToken['header'], name: string): object =>
  Object.fromEntries(Object.entries(header).filter(([member]) => member !== name))

/** Signed with HS256 by whatever the attacker takes for the key. */
function macBy(secret: string | Uint8Array, header: object, claims: object): string {
  const input = `${segment({ ...header, alg: 'HS256' })}.${segment(claims)}`
  return `${input}.${createHmac('sha256', secret).update(input).digest('base64url')}`
}

/** Signed with ES256 by a key of the attacker's own, which the header brings along. */
function byOwnKey(header: object, claims: object, bring: (jwk: object) => object): string {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const brought = { ...header, alg: 'ES256', ...bring(publicKey.export({ format: 'jwk' })) }
  const input = `${segment(brought)}.${segment(claims)}`
  const signature = sign('sha256', Buffer.from(input), { key: privateKey, dsaEncoding: 'ieee-p1363' })
  return `${input}.${signature.toString('base64url')}`
}

/** The claims that somebody would like to have. */
const richer = ({ claims }: GoodToken): object => ({ ...claims, exp: 4_102_444_800, scope: 'admin' })

const nowhere = 'https://attacker.invalid/keys.json'

const rules: readonly Rule[] = [
  {
    why: 'a token that says itself that it is not signed can be written by anybody',
    reference: 'RFC 8725 §3.2, CVE-2015-9235',
    make: (token) => ({
      ...Object.fromEntries(
        ['none', 'None', 'NONE', 'nOnE', ''].map((alg) => [
          `alg-${alg || 'empty'}`,
          unsigned({ ...token.header, alg }, richer(token)),
        ]),
      ),
      'alg-absent': unsigned(without(token.header, 'alg'), richer(token)),
      'alg-none-old-signature': `${segment({ ...token.header, alg: 'none' })}.${token.segments[1]}.${token.segments[2]}`,
    }),
  },
  {
    why: 'the claims are not covered by what is checked',
    reference: 'RFC 7515 §5.2',
    make: (token) => ({
      'claims-changed': `${token.segments[0]}.${segment(richer(token))}.${token.segments[2]}`,
      'header-changed': `${segment({ ...token.header, note: 1 })}.${token.segments[1]}.${token.segments[2]}`,
      'signature-empty': `${token.segments[0]}.${token.segments[1]}.`,
      'signature-missing': `${token.segments[0]}.${token.segments[1]}`,
      'signature-one-bit': withSignature(token, ([first = 0, ...rest]) => Uint8Array.of(first ^ 1, ...rest)),
      'signature-truncated': withSignature(token, (octets) => octets.subarray(0, octets.length / 2)),
      'signature-zeros': withSignature(token, (octets) => new Uint8Array(octets.length)),
    }),
  },
  {
    why: 'the header brings the key that the token is checked with, so anybody can sign',
    reference: 'RFC 8725 §3.10, CVE-2018-0114',
    make: (token) => ({
      'own-key-jwk': byOwnKey(token.header, richer(token), (jwk) => ({ jwk })),
      'own-key-jku': byOwnKey(token.header, richer(token), () => ({ jku: nowhere })),
      'own-key-x5u': byOwnKey(token.header, richer(token), () => ({ x5u: nowhere })),
      'own-key': byOwnKey(token.header, richer(token), () => ({})),
    }),
  },
  {
    why: 'a key ID is used as a path or a query, and leads to a key that everybody knows',
    reference: 'RFC 8725 §3.10',
    make: (token) => ({
      'kid-empty-file': macBy('', { ...token.header, kid: '../../../../dev/null' }, richer(token)),
      'kid-query': macBy('a', { ...token.header, kid: "' UNION SELECT 'a" }, richer(token)),
      'kid-proto': macBy('', { ...token.header, kid: '__proto__' }, richer(token)),
    }),
  },
  {
    why: 'the public key is taken for a shared secret, because the token says so',
    reference: 'RFC 8725 §2.1, CVE-2016-5431',
    make: (token) =>
      Object.fromEntries(
        token.publicForms.map((form, index) => [
          `public-key-as-secret-${index + 1}`,
          macBy(form, token.header, richer(token)),
        ]),
      ),
  },
  {
    why: 'one token has several spellings: what is called back by its text goes on in another',
    reference: 'RFC 7515 §2, RFC 4648 §3.5',
    make: (token) => ({
      padded: `${token.text}=`,
      'other-alphabet': /[-_]/.test(token.text)
        ? token.text.replaceAll('-', '+').replaceAll('_', '/')
        : undefined,
      'spare-bits': withSpareBits(token),
      'four-parts': `${token.text}.AA`,
      'dot-behind': `${token.text}.`,
      twice: `${token.text}, ${token.text}`,
    }),
  },
]

function withSignature({ segments }: GoodToken, change: (octets: Uint8Array) => Uint8Array): string {
  const octets = change(new Uint8Array(Buffer.from(segments[2], 'base64url')))
  return `${segments[0]}.${segments[1]}.${Buffer.from(octets).toString('base64url')}`
}

const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'

/** The last character of a signature whose length is no multiple of three octets carries bits that mean nothing. */
function withSpareBits({ text, segments }: GoodToken): string | undefined {
  if (segments[2].length % 4 === 0) return undefined
  const last = alphabet.indexOf(text.at(-1) ?? '')
  return `${text.slice(0, -1)}${alphabet[last ^ 1]}`
}

/** Every forgery that the token gives occasion for. */
export function forgeriesOf(token: GoodToken): readonly Forgery[] {
  return rules.flatMap(({ why, reference, make }) =>
    Object.entries(make(token)).flatMap(([id, forged]) =>
      forged === undefined ? [] : [{ id, token: forged, why, reference }],
    ),
  )
}

/** Secrets from documentation and first tries, the first that any attacker tries as well. */
const commonSecrets =
  'secret your-256-bit-secret your-secret-key secretkey secret-key mysecret my-secret jwt-secret jwt_secret JWT_SECRET changeme change-me password admin test key private shhhhh qwerty 123456 supersecret super-secret your_jwt_secret my_secret_key a-string-secret-at-least-256-bits-long'.split(
    ' ',
  )

/** Which of them the token was signed with, found without asking anybody. */
export function commonSecretOf({ header, segments }: GoodToken): string | undefined {
  const size = /^HS(256|384|512)$/.exec(String(header['alg']))?.[1]
  if (size === undefined) return undefined
  return commonSecrets.find(
    (secret) =>
      createHmac(`sha${size}`, secret).update(`${segments[0]}.${segments[1]}`).digest('base64url') ===
      segments[2],
  )
}
