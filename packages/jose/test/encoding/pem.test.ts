import { describe, expect, test } from 'vitest'
import { decodeBase64, formatPem, parsePem } from '../../src/encoding/pem.ts'
import { pairFor } from '../forge.ts'
import { outcomeOf } from '../outcome.ts'

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
    ['header lines (RFC 1421)', pem.replace('-----\n', '-----\nProc-Type: 4,ENCRYPTED\n\n')],
    ['a short fence', pem.replaceAll('-----', '----')],
    ['lower case', pem.replace('BEGIN PUBLIC KEY', 'begin public key')],
  ])('refuses %s', (_name, text) => {
    expect(outcomeOf(() => parsePem(text))).toBe('key_invalid')
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
