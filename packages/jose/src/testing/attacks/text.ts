/** Attacks on the text of a token: its encoding, its parts, its length, its characters one by one. */
import { decodeBase64url, encodeBase64url } from '../../encoding/base64url.ts'
import { octetsOf, segmentOf, signatureFor, signInput } from '../raw-token.ts'
import {
  append,
  type AttackContext,
  changed,
  claimsText,
  type Line,
  notApplicable,
  type Recipe,
  recipes,
  should,
} from '../recipe.ts'

const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'

/** Characters outside the alphabet, which decoders in use skip, fold or stop at. */
const strangers: readonly (readonly [string, string])[] = [
  ['space', ' '],
  ['line-end', '\n'],
  ['crlf', '\r\n'],
  ['tab', '\t'],
  ['nul', '\0'],
  ['padding', '='],
  ['question', '?'],
  ['hash', '#'],
  ['tilde', '~'],
  ['percent', '%41'],
  ['accent', '\u00e9'],
  ['fullwidth', '\uff21'],
  ['zero-width-space', '\u200b'],
]

type PartName = 'header' | 'payload' | 'signature'

/** The token with one of its parts edited; whoever can sign, signs the text as it is sent. */
function withPart(part: PartName, edit: (text: string) => string) {
  return async ({ header, claims, key }: AttackContext): Promise<string> => {
    const [first, second] = [segmentOf(header), segmentOf(claims)]
    const input = `${part === 'header' ? edit(first) : first}.${part === 'payload' ? edit(second) : second}`
    const signature = encodeBase64url(await signatureFor(input, key))
    return `${input}.${part === 'signature' ? edit(signature) : signature}`
  }
}

/** A good token, longer and longer, until a part has the length or the characters that an edit needs. */
function untilFit(part: 0 | 1 | 2, fits: (text: string) => boolean, edit: (text: string) => string) {
  return async ({ header, claims, key, sign }: AttackContext): Promise<unknown> => {
    for (let length = 0; length < 64; length += 1) {
      // Characters whose encoding holds both of those in which the two alphabets differ.
      const pad = `${'x'.repeat(length)}\u00ff\u00fe??>>~~~`
      const parts = (await sign(part === 0 ? { ...header, pad } : header, { ...claims, pad })).split('.')
      if (!fits(parts[part]!)) continue
      parts[part] = edit(parts[part]!)
      return part === 2 ? parts.join('.') : signInput(parts.slice(0, 2).join('.'), key)
    }
    return notApplicable
  }
}

/** Whether the last character carries bits that mean nothing. */
const hasSpareBits = (text: string): boolean => text.length % 4 > 1

/** Another text of the same octets. */
function flipSpareBit(text: string): string {
  return text.slice(0, -1) + alphabet[alphabet.indexOf(text.at(-1)!) ^ 1]!
}

const isWhole = (text: string): boolean => text.length % 4 === 0
const pad = (text: string): string => text + '='.repeat((4 - (text.length % 4)) % 4)
const toPlainBase64 = (text: string): string => text.replaceAll('-', '+').replaceAll('_', '/')

const encodings = recipes(
  {
    category: 'base64',
    why: 'one signed token has many spellings: a list of revoked tokens, or a cache, knows only one of them',
    reference: 'RFC 7515 §2, RFC 4648 §3.5, CVE-2026-102269',
  },
  [
    ...strangers.flatMap(([id, text]): Line[] =>
      (['header', 'payload', 'signature'] as const).map((part) => [
        `${part}-insert-${id}`,
        withPart(part, (whole) => whole.slice(0, 4) + text + whole.slice(4)),
      ]),
    ),
    ...[' ', '\n', '=', '==', '====', '%3D', '.'].map((text, at): Line => [
      `signature-append-${at}`,
      changed((token) => token + text),
    ]),
    ['header-padded', untilFit(0, hasSpareBits, pad)],
    ['payload-padded', untilFit(1, hasSpareBits, pad)],
    ['header-plain-base64', untilFit(0, (text) => /[-_]/.test(text), toPlainBase64)],
    ['payload-plain-base64', untilFit(1, (text) => /[-_]/.test(text), toPlainBase64)],
    ['signature-plain-base64', untilFit(2, (text) => /[-_]/.test(text), toPlainBase64)],
    ['non-canonical-signature', untilFit(2, hasSpareBits, flipSpareBit), should],
    ['non-canonical-header', untilFit(0, hasSpareBits, flipSpareBit), should],
    ['non-canonical-payload', untilFit(1, hasSpareBits, flipSpareBit), should],
    ['header-stray-character', untilFit(0, isWhole, (text) => `${text}A`), should],
    ['payload-stray-character', untilFit(1, isWhole, (text) => `${text}A`), should],
    ['signature-stray-characters', withPart('signature', (text) => `${pad(text).replaceAll('=', 'A')}A`)],
    ['token-leading-space', changed((token) => ` ${token}`)],
    ['token-bearer', changed((token) => `Bearer ${token}`)],
    ['token-quotes', changed((token) => `"${token}"`)],
    ['token-byte-order-mark', changed((token) => `\ufeff${token}`)],
    ['token-trailing-nul', changed((token) => `${token}\0`)],
    ['token-encoded-dots', changed((token) => token.replaceAll('.', '%2E'))],
  ],
)

/** What is no text at all, made of a token that is good. */
const notTexts: readonly (readonly [string, (token: string) => unknown])[] = [
  ['undefined', () => undefined],
  ['null', () => null],
  ['number', () => 1],
  ['true', () => true],
  ['object', () => ({})],
  ['array', (token) => [token]],
  ['text-object', (token) => Object(token) as unknown],
  ['to-string', (token) => ({ toString: () => token })],
  ['split', (token) => ({ length: token.length, split: () => token.split('.') })],
  ['date', () => new Date(0)],
]

const parts = recipes(
  {
    category: 'parts',
    why: 'what has not three parts is no signed token; whatever was read of it was not what was signed',
    reference: 'RFC 7515 §7.1, RFC 8725 §3.12, CVE-2022-39227',
  },
  [
    ['parts-none', () => ''],
    ...[1, 2, 3, 4].map((count): Line => [`parts-dots-${count}`, () => '.'.repeat(count)]),
    ['parts-one', changed((token) => token.split('.')[0])],
    ['parts-payload-only', changed((token) => token.split('.')[1])],
    ['parts-leading-dot', changed((token) => `.${token}`)],
    ['parts-double-dot', changed((token) => token.replace('.', '..'))],
    ['parts-five', changed((token) => `${token}.AAAA.AAAA`)],
    ['parts-no-payload', ({ header, key }) => signInput(`${segmentOf(header)}.`, key)],
    ['parts-no-header', ({ claims, key }) => signInput(`.${segmentOf(claims)}`, key)],
    ['parts-swapped', changed((token) => token.split('.').reverse().join('.'))],
    ['parts-ideographic-dot', changed((token) => token.replaceAll('.', '\u3002'))],
    [
      'parts-flattened-json',
      changed((token) => {
        const [header, payload, signature] = token.split('.')
        return JSON.stringify({ protected: header, payload, signature })
      }),
    ],
    ...notTexts.map(([id, make]): Line => [`input-${id}`, changed(make)]),
    ['input-octets', changed(octetsOf), should],
  ],
)

const limits = recipes(
  {
    category: 'limits',
    why: 'a token that costs much and takes little to write is a way to stop the service',
    reference: 'RFC 8725 §3.12, CVE-2025-30204, CVE-2025-27144, CVE-2025-53864',
  },
  [
    ['limit-dots', () => '.'.repeat(1_000_000)],
    ['limit-parts', () => 'a.'.repeat(500_000)],
    ['limit-characters', () => 'a'.repeat(1_000_000)],
    ['limit-signature', changed((token) => token + 'A'.repeat(1_000_000))],
    [
      'limit-deep-header',
      changed((token) => `${segmentOf(nested(100_000))}${token.slice(token.indexOf('.'))}`),
    ],
    ['limit-x5c', changed((token) => `${segmentOf({ x5c: manyTexts() })}${token.slice(token.indexOf('.'))}`)],
    ['limit-long-payload', claimsText((text) => append(text, `"x":"${'x'.repeat(1_000_000)}"`)), should],
    ['limit-deep-payload', claimsText((text) => append(text, `"x":${nested(5000)}`)), should],
    ['limit-infinite-exp', claimsText((text) => text.replace(/"exp":\d+/, '"exp":1e999')), should],
  ],
)

function nested(depth: number): string {
  return '['.repeat(depth) + ']'.repeat(depth)
}

function manyTexts(): readonly string[] {
  return Array.from({ length: 10_000 }, () => 'AAAA')
}

/** Up to a number of places, evenly over a length. */
function places(length: number, most: number): readonly number[] {
  const step = Math.max(1, Math.ceil(length / most))
  return Array.from({ length: Math.ceil(length / step) }, (_, at) => at * step)
}

/** The lines of a sweep: one token for each place. */
function sweep(id: string, edit: (token: string, at: number) => string, count: number): Line[] {
  return Array.from({ length: count }, (_, at) => [`sweep-${id}-${at}`, changed((token) => edit(token, at))])
}

function flipBit(token: string, at: number): string {
  const end = token.lastIndexOf('.') + 1
  const signature = decodeBase64url(token.slice(end), 'signature')
  const place = places(signature.length, sweepLength)[at] ?? signature.length - 1
  signature[place] = signature[place]! ^ (1 << (at % 8))
  return token.slice(0, end) + encodeBase64url(signature)
}

function cutSignature(token: string, at: number): string {
  const end = token.lastIndexOf('.') + 1
  const signature = decodeBase64url(token.slice(end), 'signature')
  const length = places(signature.length, sweepLength)[at] ?? signature.length - 1
  return token.slice(0, end) + encodeBase64url(signature.subarray(0, length))
}

function cutToken(token: string, at: number): string {
  return token.slice(0, places(token.length, sweepLength)[at] ?? token.length - 1)
}

/** Another character, in header or payload. */
function replaceCharacter(token: string, at: number): string {
  const end = token.lastIndexOf('.')
  const place = places(end, sweepLength)[at] ?? 0
  const found = token[place] === '.' ? place + 1 : place
  return `${token.slice(0, found)}${token[found] === 'A' ? 'B' : 'A'}${token.slice(found + 1)}`
}

const sweepLength = 24

/** One token for each place of a good one. */
export const sweeps: readonly Recipe[] = recipes(
  {
    category: 'sweeps',
    why: 'a token that was changed, or cut off, is another token and nobody signed it',
    reference: 'RFC 7515 §5.2, CVE-2023-37464',
  },
  [
    ...sweep('flip', flipBit, sweepLength),
    ...sweep('cut-signature', cutSignature, sweepLength),
    ...sweep('cut-token', cutToken, sweepLength),
    ...sweep('replace', replaceCharacter, sweepLength),
  ],
)

/** The attacks on the text of a token. */
export const textAttacks: readonly Recipe[] = [...encodings, ...parts, ...limits]
