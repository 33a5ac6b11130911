/** Good tokens, plain and unusual. A verifier that refuses them is not strict but wrong. */
import { encodeBase64url } from '../../encoding/base64url.ts'
import { concatBytes } from '../../encoding/bytes.ts'
import { segmentOf, signatureFor } from '../raw-token.ts'
import {
  append,
  type AttackContext,
  claimsText,
  headerText,
  type Line,
  notApplicable,
  type Recipe,
  recipes,
  should,
  withClaims,
  withHeader,
} from '../recipe.ts'
import { curveOrders, numberOf } from './signature.ts'

/** ECDSA has two signatures for each: s, and n - s. JOSE does not ask for the smaller. */
async function otherSignature({ row, header, claims, key }: AttackContext): Promise<unknown> {
  if (row.scheme.kind !== 'ecdsa') return notApplicable
  const input = `${segmentOf(header)}.${segmentOf(claims)}`
  const signature = await signatureFor(input, key)
  const size = signature.length / 2
  const other = curveOrders[row.scheme.curve]! - numberOf(signature.subarray(size))
  const digits = other.toString(16).padStart(size * 2, '0')
  const second = Uint8Array.from({ length: size }, (_, at) =>
    Number.parseInt(digits.slice(at * 2, at * 2 + 2), 16),
  )
  return `${input}.${encodeBase64url(concatBytes([signature.subarray(0, size), second]))}`
}

const lines: readonly Line[] = [
  ['ok-plain', withClaims({})],
  ['ok-audience-list', (context) => withClaims({ aud: ['https://other.test', context.audience] })(context)],
  ['ok-audience-list-of-one', (context) => withClaims({ aud: [context.audience] })(context)],
  ['ok-exp-fraction', (context) => withClaims({ exp: context.now + 600.5 })(context)],
  ['ok-exp-exponent', claimsText((text) => text.replace(/"exp":(\d+)/, '"exp":$1e0'))],
  ['ok-nbf-now', (context) => withClaims({ nbf: context.now })(context)],
  ['ok-header-white-space', headerText((text) => text.replaceAll(/([,:{}])/g, ' $1\r\n\t').trim())],
  ['ok-payload-white-space', claimsText((text) => text.replaceAll(/([,{}])/g, ' $1\n').trim())],
  ['ok-text-beyond-ascii', withClaims({ name: '이름 \u{1f511} é', ключ: 1 })],
  ['ok-escaped-text', claimsText((text) => append(text, String.raw`"x":"\u00e9\ud83d\udd11\/\""`))],
  ['ok-unknown-header-parameter', withHeader({ 'x-trace': 'abc' })],
  [
    'ok-embedded-jwk-ignored',
    (context) => withHeader({ jwk: context.attacker.publicJwk ?? { kty: 'oct' } })(context),
  ],
  ['ok-claim-constructor', withClaims({ constructor: 'odd but legal', toString: 1 })],
  ['ok-nested-claims', withClaims({ a: { b: [{ c: null }, -0.5, 1e3, true] } })],
  ['ok-long-claim', withClaims({ text: 'x'.repeat(2000) })],
  ['ok-member-order', claimsText((text) => reversed(text))],
  ['ok-other-s', otherSignature],
  [
    'ok-typ-media-type',
    (context) => withHeader({ typ: `application/${String(context.header['typ'])}` })(context),
    should,
  ],
  [
    'ok-typ-upper-case',
    (context) => withHeader({ typ: String(context.header['typ']).toUpperCase() })(context),
    should,
  ],
]

function reversed(text: string): string {
  return JSON.stringify(Object.fromEntries(Object.entries(JSON.parse(text) as object).reverse()))
}

/** Tokens that must be accepted. */
export const controls: readonly Recipe[] = recipes(
  {
    category: 'control',
    expected: 'accept',
    why: 'an honest token was refused',
    reference: 'RFC 7519 §7.2',
  },
  lines,
)
