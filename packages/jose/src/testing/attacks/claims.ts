/** Attacks on the checking of claims: values of other types, values that nearly fit, tokens of another kind. */
import {
  type AttackContext,
  type Line,
  type Recipe,
  recipes,
  should,
  withClaims,
  withHeader,
} from '../recipe.ts'

/** Values that are no JSON number, or none that is finite. */
const notNumbers: readonly (readonly [string, (second: number) => unknown])[] = [
  ['numeric-text', String],
  ['text', () => 'never'],
  ['iso-text', (second) => new Date(second * 1000).toISOString()],
  ['empty-text', () => ''],
  ['true', () => true],
  ['false', () => false],
  ['null', () => null],
  ['array', (second) => [second]],
  ['empty-array', () => []],
  ['object', (second) => ({ v: second })],
  ['empty-object', () => ({})],
]

/** A claim whose value depends on the clock. */
function withTime(claim: string, value: (now: number) => unknown) {
  return (context: AttackContext): unknown => withClaims({ [claim]: value(context.now) })(context)
}

/** The same values for each date; they would pass if they were numbers. */
function dateTypes(claim: 'exp' | 'nbf' | 'iat', offset: number, differs: Line[2] = {}): Line[] {
  return notNumbers.map(([id, value]) => [
    `${claim}-${id}`,
    withTime(claim, (now) => value(Math.floor(now) + offset)),
    differs,
  ])
}

const dates = recipes(
  {
    category: 'claim-types',
    why: 'a date that is no number was taken for absent, or compared as text: the token lives for ever',
    reference: 'RFC 7519 §2, §4.1.4, CVE-2026-44459, CVE-2026-25537',
  },
  [
    ...dateTypes('exp', 3600),
    ...dateTypes('nbf', -3600),
    ...dateTypes('iat', -60, should),
    ['exp-past', withTime('exp', (now) => now - 1)],
    ['exp-now', withTime('exp', (now) => now)],
    ['exp-long-past', withTime('exp', (now) => now - 86_400)],
    ['exp-zero', withClaims({ exp: 0 })],
    ['exp-negative', withClaims({ exp: -1 })],
    ['exp-missing', withClaims({ exp: undefined }), should],
    ['exp-milliseconds', withTime('exp', (now) => (now + 60) * 1000), should],
    ['exp-1e308', withClaims({ exp: 1e308 }), should],
    ['nbf-future', withTime('nbf', (now) => now + 600)],
    ['nbf-milliseconds', withTime('nbf', (now) => now * 1000)],
    ['iat-future', withTime('iat', (now) => now + 3600), should],
  ],
)

/** Values that resemble the expected one, of every claim that is compared. */
function nearMisses(claim: 'iss' | 'aud', valueOf: (context: AttackContext) => string): Line[] {
  const edits: readonly (readonly [string, (text: string) => unknown])[] = [
    ['prefix', (text) => text.slice(0, -1)],
    ['suffix', (text) => `${text}x`],
    ['superstring', (text) => `x${text}x`],
    ['trailing-slash', (text) => `${text}/`],
    ['upper-case', (text) => text.toUpperCase()],
    ['trailing-space', (text) => `${text} `],
    ['nul', (text) => `${text}\0`],
    ['userinfo', (text) => `${text}@attacker.invalid`],
    ['homoglyph', (text) => text.replace('e', '\u0435')],
    ['comma', (text) => `${text},https://other.test`],
    ['space-list', (text) => `${text} https://other.test`],
    ['regexp', () => '.*'],
    ['wildcard', () => '*'],
    ['other', () => 'https://other.test'],
    ['empty-text', () => ''],
    ['empty-array', () => []],
    ['number', () => 1],
    ['zero', () => 0],
    ['true', () => true],
    ['null', () => null],
    ['object', (text) => ({ [text]: true })],
    ['nested', (text) => [[text]]],
    ['missing', () => undefined],
  ]
  return edits.map(([id, edit]) => [
    `${claim}-${id}`,
    (context) => withClaims({ [claim]: edit(valueOf(context)) })(context),
  ])
}

const parties = recipes(
  {
    category: 'claim-types',
    why: 'a token of another issuer, or for another API, was taken for one of ours',
    reference: 'RFC 7519 §4.1.1, §4.1.3, CVE-2024-53861, CVE-2020-26160, CVE-2025-30144',
  },
  [
    ...nearMisses('iss', ({ issuer }) => issuer),
    ...nearMisses('aud', ({ audience }) => audience),
    ['iss-array', (context) => withClaims({ iss: [context.issuer] })(context)],
    ['aud-other-array', withClaims({ aud: ['https://other.test', 'https://another.test'] })],
    ['aud-array-with-number', (context) => withClaims({ aud: [context.audience, 1] })(context), should],
    ['aud-array-with-null', (context) => withClaims({ aud: [null, context.audience] })(context), should],
    ['aud-array-with-object', (context) => withClaims({ aud: [context.audience, {}] })(context), should],
  ],
)

const texts = recipes(
  {
    category: 'claim-types',
    level: 'should',
    why: 'a claim that names somebody is text; an array or an object turns into another name wherever it is written down',
    reference: 'RFC 7519 §4.1.2, §4.1.7',
  },
  [
    ['sub-array', withClaims({ sub: ['alice'] })],
    ['sub-object', withClaims({ sub: {} })],
    ['sub-null', withClaims({ sub: null })],
    ['sub-true', withClaims({ sub: true })],
    ['sub-number', withClaims({ sub: 1 })],
    ['jti-number', withClaims({ jti: 1 })],
    ['jti-object', withClaims({ jti: {} })],
    ['jti-null', withClaims({ jti: null })],
  ],
)

const kinds = recipes(
  {
    category: 'claim-types',
    level: 'should',
    why: 'a token that was issued for another purpose was taken for an access token',
    reference: 'RFC 8725 §2.8, §3.11, RFC 9068 §4',
  },
  [
    ['typ-logout-token', withHeader({ typ: 'logout+jwt' })],
    ['typ-security-event', withHeader({ typ: 'secevent+jwt' })],
    ['typ-dpop-proof', withHeader({ typ: 'dpop+jwt' })],
    ['typ-suffix', (context) => withHeader({ typ: `x-${String(context.header['typ'])}` })(context)],
    ['typ-array', (context) => withHeader({ typ: [context.header['typ']] })(context)],
    ['typ-null', withHeader({ typ: null })],
  ],
)

/** The attacks on the checking of claims. */
export const claimAttacks: readonly Recipe[] = [...dates, ...parties, ...texts, ...kinds]
