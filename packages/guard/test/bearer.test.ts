import { describe, expect, test } from 'vitest'
import { plainToken, readBearer } from '../src/bearer.ts'

const token = 'aaa.bbb-_~+/.ccc=='

describe('plainToken', () => {
  test('gives what follows the scheme as clients write it, whatever it is', () => {
    expect(plainToken(`Bearer ${token}`)).toBe(token)
    expect(plainToken('Bearer a, Bearer b')).toBe('a, Bearer b')
    expect(plainToken('Bearer ')).toBe('')
  })

  test.each([
    undefined,
    '',
    'Bearer',
    `bearer ${token}`,
    ` Bearer ${token}`,
    `Bearer\t${token}`,
    'Basic YQ==',
  ])('leaves %j to readBearer', (value) => {
    expect(plainToken(value)).toBeUndefined()
  })
})

describe('readBearer (RFC 6750 §2.1, RFC 9110 §11.2)', () => {
  const read: readonly [title: string, value: string][] = [
    ['the plain form', `Bearer ${token}`],
    ['the scheme in lower case', `bearer ${token}`],
    ['the scheme in upper case', `BEARER ${token}`],
    ['several spaces between scheme and token', `Bearer   ${token}`],
    ['white space around the value', ` \tBearer ${token} \t`],
  ]
  test.each(read)('reads the token of %s', (_title, value) => {
    expect(readBearer([value])).toEqual({ ok: true, token })
  })

  const missing: readonly [title: string, values: string[]][] = [
    ['no header', []],
    ['an empty header', ['']],
    ['a header of white space', [' \t ']],
    ['Basic credentials', ['Basic dXNlcjpwYXNz']],
    ['a scheme that merely begins with Bearer', [`Bearers ${token}`]],
    ['a scheme without credentials', ['Negotiate']],
    ['a token without its scheme', ['aaa.bbb.ccc']],
    [
      'Digest credentials, whose parameters have commas',
      ['Digest username="a, Bearer b", nc=00000001, qop=auth'],
    ],
    ['Digest credentials with an escaped quote', [String.raw`Digest username="a\", Bearer b", qop=auth`]],
    ['Digest credentials with spaces around the equals sign', ['Digest username = "a" , nc = 00000001']],
  ]
  test.each(missing)('takes %s as a request without a token', (_title, values) => {
    expect(readBearer(values)).toMatchObject({ ok: false, code: 'token_missing' })
  })

  const malformed: readonly [title: string, values: string[]][] = [
    ['two headers', [`Bearer ${token}`, `Bearer ${token}`]],
    ['two headers of which one is empty', [`Bearer ${token}`, '']],
    ['two headers of other schemes', ['Basic YQ==', 'Basic Yg==']],
    ['two headers joined by a comma', [`Bearer ${token}, Bearer ${token}`]],
    ['two tokens behind one scheme', [`Bearer ${token},${token}`]],
    ['Basic and Bearer joined by a comma', [`Basic YQ==, Bearer ${token}`]],
    ['Bearer and Basic joined by a comma', [`Bearer ${token}, Basic YQ==`]],
    ['Digest and Bearer joined by a comma', [`Digest username="a", nc=00000001, Bearer ${token}`]],
    ['two bare words joined by a comma', ['one, two']],
    ['Basic and an empty header joined by a comma', ['Basic YQ==, ']],
    ['an empty header and Bearer joined by a comma', [`, Bearer ${token}`]],
    ['the scheme without a token', ['Bearer']],
    ['a tab between scheme and token', [`Bearer\t${token}`]],
    ['a space inside the token', [`Bearer aaa.bbb .ccc`]],
    ['a quoted token', [`Bearer "${token}"`]],
    ['a parameter instead of a token', [`Bearer token="${token}"`]],
    ['an equals sign inside the token', ['Bearer aaa=bbb']],
    ['a token of equals signs alone', ['Bearer ==']],
    ['a character outside ASCII', ['Bearer aaa\u00e9']],
    ['a colon behind the scheme', [`Bearer: ${token}`]],
    ['a value that begins with no scheme', ['"Bearer" aaa']],
    ['another scheme that no space follows', ['Basic:YQ==']],
  ]
  test.each(malformed)('refuses %s as malformed', (_title, values) => {
    expect(readBearer(values)).toMatchObject({ ok: false, code: 'request_invalid' })
  })

  test('refuses a token longer than any that can be verified', () => {
    expect(readBearer([`Bearer ${'a'.repeat(65_536)}`]).ok).toBe(true)
    expect(readBearer([`Bearer ${'a'.repeat(100_000)}`])).toMatchObject({ ok: false, code: 'too_large' })
    expect(readBearer([`Digest ${'a=,'.repeat(100_000)}`])).toMatchObject({
      ok: false,
      code: 'request_invalid',
    })
  })

  test('reads hostile text in one pass: a slower way would not come back', () => {
    const space = ' '.repeat(5_000_000)
    expect(readBearer([`Basic${space}x`])).toMatchObject({ code: 'request_invalid' })
    expect(readBearer([`Bearer${space}x`])).toMatchObject({ code: 'too_large' })
    const quotes = `Digest a="${String.raw`\"`.repeat(32_000)}`
    const lists = `Digest a${' ,'.repeat(32_000)}`
    const gaps = `Bearer${' a'.repeat(32_000)}`
    for (let round = 0; round < 20; round += 1) {
      expect(readBearer([quotes])).toMatchObject({ code: 'token_missing' })
      expect(readBearer([lists])).toMatchObject({ code: 'request_invalid' })
      expect(readBearer([gaps])).toMatchObject({ code: 'request_invalid' })
    }
  })

  test('never repeats the header in what it says', () => {
    for (const [, values] of [...missing, ...malformed]) {
      const result = readBearer(values)
      expect(result.ok ? '' : result.detail).not.toMatch(/aaa|YQ|dXNl/)
    }
  })

  test('says that the scheme is missing where a token stands alone', () => {
    expect(readBearer(['aaa.bbb.ccc'])).toMatchObject({
      detail: expect.stringContaining('is the scheme "Bearer" missing'),
    })
  })
})
