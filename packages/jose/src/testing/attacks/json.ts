/** Attacks on the reading of JSON: where two readers see two things, and where one of them breaks. */
import { concatBytes } from '../../encoding/bytes.ts'
import { octetsOf, type Part } from '../raw-token.ts'
import {
  append,
  claimsText,
  headerText,
  type Line,
  prepend,
  type Recipe,
  recipes,
  should,
} from '../recipe.ts'

const duplicates = recipes(
  {
    category: 'duplicate-json-keys',
    why: 'one reader takes the first of two members and another the last, so that a proxy and an API see two tokens',
    reference: 'RFC 7515 §4, RFC 7519 §4, RFC 8725 §2.4',
  },
  [
    ['duplicate-alg-none-last', headerText((text) => append(text, '"alg":"none"'))],
    ['duplicate-crit', headerText((text) => append(text, '"crit":["x"],"crit":null,"x":1'))],
    ['duplicate-exp-past-last', claimsText((text) => append(text, '"exp":1'))],
    ['duplicate-alg-none-first', headerText((text) => prepend(text, '"alg":"none"')), should],
    ['duplicate-alg-escaped', headerText((text) => prepend(text, String.raw`"\u0061lg":"none"`)), should],
    ['duplicate-kid', headerText((text) => prepend(text, '"kid":"another"')), should],
    ['duplicate-member', claimsText((text) => prepend(text, '"sub":"admin"')), should],
    ['duplicate-member-escaped', claimsText((text) => prepend(text, String.raw`"s\u0075b":"admin"`)), should],
    ['duplicate-exp-past-first', claimsText((text) => prepend(text, '"exp":1')), should],
    ['duplicate-aud', claimsText((text) => prepend(text, '"aud":"https://other.test"')), should],
    [
      'duplicate-nested',
      claimsText((text) => append(text, '"realm":{"role":"user","role":"admin"}')),
      should,
    ],
  ],
)

/** The claims without one, which stands in `__proto__` instead. */
function inherited(name: string, differs: Line[2] = {}): Line {
  return [
    `proto-${name}-inherited`,
    ({ header, claims, sign }) => {
      const { [name]: value, ...rest } = claims
      const member = `"__proto__":${JSON.stringify({ [name]: value })}`
      return sign(header, append(JSON.stringify(rest), member))
    },
    differs,
  ]
}

const prototypes = recipes(
  {
    category: 'prototype',
    why: 'a member of JSON became the prototype of an object: what is absent looks present',
    reference: 'RFC 7519 §4; CWE-1321',
  },
  [
    inherited('iss'),
    inherited('aud'),
    inherited('exp', should),
    [
      'proto-alg-inherited',
      ({ header: { alg, ...rest }, claims, sign }) =>
        sign(prepend(JSON.stringify(rest), `"__proto__":${JSON.stringify({ alg })}`), claims),
    ],
    ['proto-claims', claimsText((text) => append(text, '"__proto__":{"admin":true}')), should],
    ['proto-nested', claimsText((text) => append(text, '"a":{"__proto__":{"admin":true}}')), should],
  ],
)

/** Texts that are not the JSON of one object, made of one that is. */
const notObjects: readonly (readonly [string, (text: string) => string])[] = [
  ['array', (text) => `[${text}]`],
  ['empty-array', () => '[]'],
  ['text', (text) => JSON.stringify(text)],
  ['number', () => '1.5'],
  ['true', () => 'true'],
  ['false', () => 'false'],
  ['null', () => 'null'],
  ['undefined', () => 'undefined'],
  ['white-space', () => '  '],
  ['twice', (text) => text + text],
  ['unclosed', (text) => text.slice(0, -1)],
  ['trailing-text', (text) => `${text}x`],
  ['trailing-nul', (text) => `${text}\0`],
  ['trailing-comma', (text) => `${text.slice(0, -1)},}`],
  ['comment', (text) => text.replace('{', '{/*x*/')],
  ['line-comment', (text) => `${text}//x`],
  ['single-quotes', (text) => text.replaceAll('"', "'")],
  ['unquoted-name', (text) => append(text, 'x:1')],
  ['infinity', (text) => append(text, '"x":Infinity')],
  ['nan', (text) => append(text, '"x":NaN')],
  ['hexadecimal', (text) => append(text, '"x":0x10')],
  ['leading-zero', (text) => append(text, '"x":01')],
  ['dot-number', (text) => append(text, '"x":.5')],
  ['raw-nul', (text) => append(text, '"x":"\0"')],
  ['raw-line-end', (text) => append(text, '"x":"\n"')],
  ['bad-escape', (text) => append(text, String.raw`"x":"\x41"`)],
  ['zero-width-space', (text) => `\u200b${text}`],
  ['no-break-space', (text) => `\u00a0${text}`],
]

/** Octets that are not UTF-8, in the middle of a text. */
const notUtf8: readonly (readonly [string, readonly number[]])[] = [
  ['ff', [0xff]],
  ['overlong', [0xc0, 0xaf]],
  ['surrogate', [0xed, 0xa0, 0x80]],
  ['truncated', [0xe2, 0x82]],
  ['beyond-unicode', [0xf4, 0x90, 0x80, 0x80]],
]

function withOctets(octets: readonly number[]): (text: string) => Part {
  return (text) => {
    const [before = '', behind = ''] = append(text, '"x":"|"').split('|')
    return concatBytes([octetsOf(before), Uint8Array.from(octets), octetsOf(behind)])
  }
}

/** UTF-16 in either order of octets, with its mark. */
function utf16(isLittle: boolean): (text: string) => Part {
  return (text) => {
    const view = new DataView(new ArrayBuffer(text.length * 2 + 2))
    for (const [at, unit] of [...`\ufeff${text}`].entries())
      view.setUint16(at * 2, unit.charCodeAt(0), isLittle)
    return new Uint8Array(view.buffer)
  }
}

/** The lines for one of the two JSON texts of a token. */
function unreadable(part: 'header' | 'payload', make: typeof claimsText): Line[] {
  return [
    ...notObjects.map(([id, edit]): Line => [`${part}-${id}`, make(edit)]),
    ...notUtf8.map(([id, octets]): Line => [`${part}-utf8-${id}`, make(withOctets(octets))]),
    [`${part}-utf16-le`, make(utf16(true))],
    [`${part}-utf16-be`, make(utf16(false))],
    [`${part}-byte-order-mark`, make((text) => `\ufeff${text}`), should],
    [`${part}-lone-surrogate`, make((text) => append(text, String.raw`"x":"\ud800"`)), should],
  ]
}

const payloads = recipes(
  {
    category: 'payload-json',
    why: 'what is no JSON object of UTF-8 has no claims that could be checked',
    reference: 'RFC 7519 §7.2, CVE-2026-107723',
  },
  unreadable('payload', claimsText),
)

const headers = recipes(
  {
    category: 'header-json',
    why: 'a header that is guessed at is a header that the next reader guesses differently',
    reference: 'RFC 7515 §5.2',
  },
  [
    ...unreadable('header', headerText),
    ['header-is-payload', ({ header, claims, sign }) => sign(claims, header)],
    ['header-typ-number', headerText((text) => text.replace(/"typ":"[^"]*"/, '"typ":1')), should],
    ['header-cty-number', headerText((text) => append(text, '"cty":1')), should],
    ['header-jku-number', headerText((text) => append(text, '"jku":1')), should],
    ['header-x5c-text', headerText((text) => append(text, '"x5c":"AAAA"')), should],
    ['header-jwk-array', headerText((text) => append(text, '"jwk":[]')), should],
  ],
)

/** The attacks on the reading of JSON. */
export const jsonAttacks: readonly Recipe[] = [...duplicates, ...prototypes, ...payloads, ...headers]
