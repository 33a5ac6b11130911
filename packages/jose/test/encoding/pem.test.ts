import { describe, expect, test } from 'vitest'
import { decodeBase64, formatPem, parsePem } from '../../src/encoding/pem.ts'
import { pairFor } from '../forge.ts'
import { outcomeOf, refusal } from '../outcome.ts'

const pem = pairFor('ES256').publicKey.export({ format: 'pem', type: 'spki' }) as string
const der = pairFor('ES256').publicKey.export({ format: 'der', type: 'spki' })

describe('parsePem', () => {
  test('gives label and DER', () => {
    const block = parsePem(pem)
    expect(block.label).toBe('PUBLIC KEY')
    expect(Buffer.from(block.der).equals(der)).toBe(true)
  })

  test.each([
    ['CRLF', pem.replaceAll('\n', '\r\n')],
    ['literal \\n, as in an environment variable', pem.replaceAll('\n', '\\n')],
    ['white space around', `\n  ${pem}\n\n`],
    ['the body on one line', `-----BEGIN PUBLIC KEY-----${der.toString('base64')}-----END PUBLIC KEY-----`],
    ['indented lines', pem.replaceAll('\n', '\n    ')],
  ])('reads a block with %s', (_name, text) => {
    expect(Buffer.from(parsePem(text).der).equals(der)).toBe(true)
  })

  test.each([
    ['empty text', ''],
    ['no block', 'hello'],
    ['a block that does not end', pem.replace(/-----END.*/s, '')],
    ['another label at the end', pem.replace('END PUBLIC', 'END PRIVATE')],
    ['two blocks', pem + pem],
    ['text in front', `junk\n${pem}`],
    ['text behind', `${pem}junk`],
    ['a body that is not base64', '-----BEGIN PUBLIC KEY-----\n!!!!\n-----END PUBLIC KEY-----'],
    ['no body', '-----BEGIN PUBLIC KEY-----\n-----END PUBLIC KEY-----'],
    ['base64url', pem.replaceAll('+', '-').replaceAll('/', '_').replace('MFkw', 'M-_w')],
    ['a short fence', pem.replaceAll('-----', '----')],
    ['lower case', pem.replace('BEGIN PUBLIC KEY', 'begin public key')],
  ])('refuses %s', (_name, text) => {
    expect(outcomeOf(() => parsePem(text))).toBe('key_invalid')
  })

  test('reads a block of EC PARAMETERS with the key behind it, as openssl writes them, and no other two blocks', () => {
    const block = (label: string, body = 'AAAA'): string =>
      `-----BEGIN ${label}-----\n${body}\n-----END ${label}-----\n`
    const parameters = block('EC PARAMETERS', 'BBBB')
    const { label, parameters: found } = parsePem(parameters + block('EC PRIVATE KEY'))
    expect([label, Buffer.from(found!).toString('base64')]).toEqual(['EC PRIVATE KEY', 'BBBB'])
    const others = [
      parameters + block('PRIVATE KEY'),
      block('EC PRIVATE KEY') + parameters,
      parameters + parameters,
      parameters + block('EC PRIVATE KEY') + block('EC PRIVATE KEY'),
      `${parameters}${block('EC PRIVATE KEY')}text`,
      `${parameters}text\n${block('EC PRIVATE KEY')}`,
    ]
    for (const text of others) expect(outcomeOf(() => parsePem(text))).toBe('key_invalid')
  })

  test.each([
    ['', 'empty text: is the variable set?'],
    [`Bag Attributes\n${pem}`, 'one with text in front of it'],
    [`${pem}-- a comment`, 'one with text behind it'],
    [pem + pem, 'more than one'],
    [pem.slice(0, -20), 'one that does not end'],
    ['{"kty":"EC"}', 'JSON text: parse it first'],
    [JSON.stringify(pem), 'JSON text: parse it first'],
    ['MFkwEwYH', 'text in another form'],
  ])('says what it found instead: %#', (text, found) => {
    expect(refusal(() => parsePem(text)).message).toContain(`got ${found}`)
  })

  test('tells how to convert a key that openssl encrypted in its old way (RFC 1421 §4.6)', () => {
    const old = pem
      .replaceAll('PUBLIC KEY', 'RSA PRIVATE KEY')
      .replace('-----\n', '-----\nProc-Type: 4,ENCRYPTED\n\n')
    const { code, message } = refusal(() => parsePem(old))
    expect([code, message]).toEqual(['unsupported', expect.stringMatching(/Proc-Type.*openssl pkcs8 -topk8/)])
  })

  test('refuses a long hostile text', () => {
    const texts = ['-----BEGIN A-----'.repeat(5000), `-----BEGIN ${'A '.repeat(20_000)}`, '-'.repeat(100_000)]
    expect(texts.map((text) => outcomeOf(() => parsePem(text)))).toEqual(Array(3).fill('key_invalid'))
  })
})

test('formatPem writes what Node writes', () => {
  expect(formatPem('PUBLIC KEY', der)).toBe(pem)
})

test.each(['A', 'AA', 'AAA', 'AAA==', '=AAA', 'AA=A', 'A A=', 'AA-_', ''])(
  'decodeBase64 refuses %j',
  (text) => {
    expect(decodeBase64(text)).toBeUndefined()
  },
)
