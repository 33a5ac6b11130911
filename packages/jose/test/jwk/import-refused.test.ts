/** Keys in forms that are not read, damaged ones, and hostile ones. */
import { ECDH, generateKeyPairSync } from 'node:crypto'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { toBigInt } from '../../src/encoding/bytes.ts'
import { OCTET_STRING, SEQUENCE } from '../../src/encoding/der.ts'
import { writeBits, writeDer, writeOid, writeUnsigned } from '../../src/encoding/der-writer.ts'
import { exportJwk } from '../../src/jwk/export.ts'
import { importKey, type ImportKeyOptions } from '../../src/jwk/import.ts'
import { outcomeLater, rejection } from '../outcome.ts'
import { derOf, passphrase, privateJwkOf, publicJwkOf, readPem } from './openssl-files.ts'

const refusedWith = async (source: string | Uint8Array, options: ImportKeyOptions = {}): Promise<string> => {
  const { code, message } = await rejection(importKey(source, { algorithm: 'RS256', ...options }))
  return `${code}: ${message}`
}

describe('a form that is not read is unsupported, and the message has the command that converts it', () => {
  test.each([
    ['rsa.legacy-encrypted', /Proc-Type.*openssl pkcs8 -topk8/],
    ['prime256v1.legacy-encrypted', /Proc-Type.*openssl pkcs8 -topk8/],
    ['rsa.pbes1', /another scheme than PBES2: openssl pkcs8 -topk8/],
    ['rsa.pbes2-des3', /another cipher than AES-CBC: openssl pkcs8 -topk8/],
    ['rsa.scrypt', /another derivation than PBKDF2: openssl pkcs8 -topk8/],
    ['rsa.pbes2-SHA224', /another hash than .*: openssl pkcs8 -topk8/],
    ['rsa.request', /CERTIFICATE REQUEST: openssl req -pubkey/],
    ['rsa.pkcs7', /PKCS7: openssl/],
    ['prime256v1.sec1-explicit', /expected the name of a curve, got the parameters of one/],
  ])('%s', async (file, message) => {
    expect(await refusedWith(readPem(file), { passphrase })).toMatch(
      new RegExp(`^unsupported: .*${message.source}`),
    )
  })

  test.each([
    [
      '-----BEGIN OPENSSH PRIVATE KEY-----\nAAAA\n-----END OPENSSH PRIVATE KEY-----',
      /ssh-keygen -p -m PKCS8/,
    ],
    ['ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIAAA user@host', /OpenSSH public key: ssh-keygen -e -m PKCS8/],
    ['ecdsa-sha2-nistp256 AAAAE2VjZHNhLXNoYTItbmlzdHAyNTY', /OpenSSH public key: ssh-keygen/],
    [
      '---- BEGIN SSH2 PUBLIC KEY ----\nAAAA\n---- END SSH2 PUBLIC KEY ----',
      /SSH2 public key: ssh-keygen -i/,
    ],
    ['PuTTY-User-Key-File-3: ssh-ed25519\n', /PuTTY key: puttygen/],
    ['-----BEGIN DSA PRIVATE KEY-----\nAAAA\n-----END DSA PRIVATE KEY-----', /DSA PRIVATE KEY/],
  ])('%#', async (text, message) => {
    expect(await refusedWith(text)).toMatch(new RegExp(`^unsupported: .*${message.source}`))
  })
})

test('T57 a label that is not known is not repeated: it could be a secret on the wrong line', async () => {
  for (const body of ['AAAA', 'Proc-Type: 4,ENCRYPTED'])
    expect(
      await refusedWith(`-----BEGIN HUNTER2HUNTER2-----\n${body}\n-----END HUNTER2HUNTER2-----`),
    ).not.toMatch(/HUNTER/)
})

describe('what is no key is key_invalid, and the message says what it is', () => {
  test.each([
    ['a request for a certificate in DER', derOf(readPem('rsa.request')), /certificate: expected/],
    ['PKCS #7 in DER', derOf(readPem('rsa.pkcs7')), /got other bytes/],
    ['PEM as bytes', new TextEncoder().encode(readPem('rsa.spki')), /PEM as bytes: pass it as text/],
    ['no bytes', new Uint8Array(0), /got other bytes/],
    ['too many bytes', new Uint8Array(65_537), /at most 65536/],
    ['too much text', 'A'.repeat(65_537), /at most 65536/],
  ])('%s', async (_name, source, message) => {
    expect(await refusedWith(source)).toMatch(new RegExp(`^key_invalid: .*${message.source}`))
  })

  test('a label that does not fit the content, whichever two they are', async () => {
    const labels = [
      'PUBLIC KEY',
      'PRIVATE KEY',
      'RSA PUBLIC KEY',
      'RSA PRIVATE KEY',
      'EC PRIVATE KEY',
      'CERTIFICATE',
    ]
    const files = [
      'rsa.spki',
      'rsa.pkcs8',
      'rsa.pkcs1-public',
      'rsa.pkcs1',
      'prime256v1.sec1',
      'rsa.certificate',
    ]
    for (const [index, file] of files.entries()) {
      const pem = readPem(file)
      for (const [other, label] of labels.entries()) {
        const text = pem.replaceAll(String(labels[index]), label)
        const outcome = await outcomeLater(() =>
          importKey(text, { algorithm: index === 4 ? 'ES256' : 'RS256' }),
        )
        expect(`${file} as ${label}: ${outcome}`).toBe(
          `${file} as ${label}: ${index === other ? 'accepted' : 'key_invalid'}`,
        )
      }
    }
  })
})

describe('an encrypted key', () => {
  const pem = readPem('ed25519.encrypted')

  test('is opened by its passphrase, as text or as bytes', async () => {
    const bytes = new TextEncoder().encode(passphrase)
    expect(await outcomeLater(() => importKey(pem, { passphrase }))).toBe('accepted')
    expect(await outcomeLater(() => importKey(pem, { passphrase: bytes }))).toBe('accepted')
  })

  test('needs a passphrase: none, an empty one and one of another type are the option’s fault', async () => {
    expect(await refusedWith(pem)).toMatch(/^option_invalid: .*passphrase/)
    for (const bad of ['', new Uint8Array(0), 5, null, undefined, '\ud800'])
      expect(await outcomeLater(() => importKey(pem, { passphrase: bad as string }))).toBe('option_invalid')
  })

  test('answers every wrong passphrase in the same words', async () => {
    const answers = new Set<string>()
    // One in 256 wrong keys makes padding that looks right: some of these get octets that are no key.
    for (let index = 0; index < 600; index += 1)
      answers.add(await refusedWith(pem, { passphrase: `wrong ${index}` }))
    expect([...answers]).toEqual([
      'key_invalid: importKey: the passphrase does not open this key, or it is damaged',
    ])
  })

  test('is damaged, when it is, in the same words too', async () => {
    const der = derOf(pem)
    const changed = der.map((octet, index) => (index === der.length - 20 ? octet ^ 1 : octet))
    expect(await refusedWith(changed, { passphrase })).toMatch(/^key_invalid/)
  })

  const file = (iterations: number, extra: Uint8Array[] = [], iv = 16): Uint8Array => {
    const salt = writeDer(OCTET_STRING, new Uint8Array(8))
    const count = Buffer.from(iterations.toString(16).padStart(8, '0'), 'hex')
    const digits = count.subarray(count.findIndex((octet) => octet !== 0))
    const derivation = writeDer(SEQUENCE, salt, writeUnsigned(digits), ...extra)
    const kdf = writeDer(SEQUENCE, writeOid('1.2.840.113549.1.5.12'), derivation)
    const cipher = writeDer(
      SEQUENCE,
      writeOid('2.16.840.1.101.3.4.1.42'),
      writeDer(OCTET_STRING, new Uint8Array(iv)),
    )
    const scheme = writeDer(SEQUENCE, writeOid('1.2.840.113549.1.5.13'), writeDer(SEQUENCE, kdf, cipher))
    return writeDer(SEQUENCE, scheme, writeDer(OCTET_STRING, new Uint8Array(32)))
  }

  test.each([
    [
      'more iterations than 1300000, before any work',
      file(1_300_001),
      /at most 1300000 iterations, got more/,
    ],
    ['four thousand million iterations', file(0xffffffff), /at most 1300000 iterations/],
    ['a key of another length than its cipher', file(1, [writeUnsigned(Uint8Array.of(16))]), /contradict/],
    ['an IV of another length', file(1, [], 8), /IV of 16 octets/],
    ['a part that nobody knows', file(1, [writeDer(0xa5)]), /expected its end/],
  ])('is refused with %s', async (_name, der, message) => {
    expect(await refusedWith(der, { passphrase })).toMatch(new RegExp(`^key_invalid: .*${message.source}`))
  })

  test('may name the length that its cipher has anyway', async () => {
    const der = file(1, [writeUnsigned(Uint8Array.of(32))])
    expect(await refusedWith(der, { passphrase })).toMatch(/the passphrase does not open this key/)
  })
})

describe('OneAsymmetricKey (RFC 5958, RFC 8410 §10.3)', () => {
  const v2 = `-----BEGIN PRIVATE KEY-----
MHICAQEwBQYDK2VwBCIEINTuctv5E1hK1bbY8fdp+K06/nwoy/HU++CXqI9EdVhC
oB8wHQYKKoZIhvcNAQkJFDEPDA1DdXJkbGUgQ2hhaXJzgSEAGb9ECWmEzf6FQbrB
Z9w7lshQhqowtrbLDFw4rXAxZuE=
-----END PRIVATE KEY-----`

  test('is read with its attributes and its public key', async () => {
    const key = await importKey(v2, { extractable: true })
    expect(await exportJwk(key)).toMatchObject({
      crv: 'Ed25519',
      x: 'Gb9ECWmEzf6FQbrBZ9w7lshQhqowtrbLDFw4rXAxZuE',
    })
  })

  // Node.js 24 sees it itself.
  test('is refused when its public key is that of another', async () => {
    const der = derOf(v2)
    const other = Buffer.from(String(publicJwkOf('ed25519').x), 'base64url')
    der.set(other, der.length - 32)
    expect(await refusedWith(der, { algorithm: 'Ed25519' })).toMatch(
      /^key_invalid: .*(different keys|refuses)/,
    )
  })

  test('is refused in a version that nobody has defined', async () => {
    const der = derOf(v2).map((octet, index) => (index === 4 ? 2 : octet))
    expect(await refusedWith(der, { algorithm: 'Ed25519' })).toMatch(/^key_invalid: PKCS #8: .*version/)
  })
})

describe('an EC key', () => {
  const ec = derOf(readPem('prime256v1.spki'))

  test('is refused with a point in another form, at infinity, off its curve, or with an x of no point', async () => {
    const kind = ec.subarray(2, 23)
    const spki = (point: Uint8Array): Uint8Array => writeDer(SEQUENCE, kind, writeBits(point))
    const point = ec.subarray(26)
    expect(await outcomeLater(() => importKey(spki(point)))).toBe('accepted')
    const hybrid = point.map((octet, index) => (index === 0 ? 6 + (Number(point[64]) & 1) : octet))
    const off = point.map((octet, index) => (index === 64 ? octet ^ 1 : octet))
    const none = Uint8Array.of(2, ...new Uint8Array(31), 1)
    expect(() => ECDH.convertKey(none, 'prime256v1', undefined, undefined, 'uncompressed')).toThrow(
      'EC_POINT',
    )
    const tooLarge = Uint8Array.of(2, ...new Uint8Array(32).fill(255))
    for (const bad of [
      hybrid,
      off,
      none,
      tooLarge,
      Uint8Array.of(0),
      point.subarray(0, 64),
      new Uint8Array(0),
    ])
      expect(await outcomeLater(() => importKey(spki(bad)))).toBe('key_invalid')
  })

  test('in SEC 1 is refused without a curve, and with two', async () => {
    const version = writeUnsigned(Uint8Array.of(1))
    const scalar = writeDer(OCTET_STRING, Buffer.from(String(privateJwkOf('prime256v1').d), 'base64url'))
    const p256 = writeDer(0xa0, writeOid('1.2.840.10045.3.1.7'))
    const bare = writeDer(SEQUENCE, version, scalar)
    expect(await refusedWith(bare, { algorithm: 'ES256' })).toMatch(/^key_invalid: .*one curve, got none/)
    expect((await importKey(writeDer(SEQUENCE, version, scalar, p256))).type).toBe('private')
    const kind = writeDer(SEQUENCE, writeOid('1.2.840.10045.2.1'), writeOid('1.3.132.0.34'))
    const inner = writeDer(OCTET_STRING, writeDer(SEQUENCE, version, scalar, p256))
    const pkcs8 = writeDer(SEQUENCE, writeUnsigned(Uint8Array.of(0)), kind, inner)
    expect(await refusedWith(pkcs8, { algorithm: 'ES384' })).toMatch(/^key_invalid: .*one curve, got two/)
  })

  test('takes a private number that its writer shortened or lengthened, which is the same number', async () => {
    const d = Buffer.from(String(privateJwkOf('prime256v1').d), 'base64url')
    const sec1 = (scalar: Uint8Array): Uint8Array =>
      writeDer(
        SEQUENCE,
        writeUnsigned(Uint8Array.of(1)),
        writeDer(OCTET_STRING, scalar),
        writeDer(0xa0, writeOid('1.2.840.10045.3.1.7')),
      )
    const longer = await importKey(sec1(Uint8Array.of(0, 0, ...d)), { extractable: true })
    expect((await exportJwk(longer)).x).toBe(publicJwkOf('prime256v1').x)
    const short = await importKey(sec1(Uint8Array.of(9)), { extractable: true })
    expect(toBigInt(Buffer.from(String((await exportJwk(short)).d), 'base64url'))).toBe(9n)
    expect(await outcomeLater(() => importKey(sec1(Uint8Array.of(1, ...d))))).toBe('key_invalid')
    for (const none of [new Uint8Array(0), new Uint8Array(32), new Uint8Array(32).fill(255)])
      expect(await outcomeLater(() => importKey(sec1(none)))).toBe('key_invalid')
  })
})

test('an RSA key of three primes is unsupported (RFC 8017 §3.2)', async () => {
  const numbers = Array.from({ length: 8 }, () => writeUnsigned(Uint8Array.of(5)))
  const multi = writeDer(SEQUENCE, writeUnsigned(Uint8Array.of(1)), ...numbers, writeDer(SEQUENCE))
  expect(await refusedWith(multi)).toMatch(/^unsupported: .*two primes/)
})

test('the expanded form of an ML-DSA key is unsupported: no JWK can hold it (RFC 9881 §6, RFC 9964)', async () => {
  const kind = writeDer(SEQUENCE, writeOid('2.16.840.1.101.3.4.3.17'))
  const expanded = writeDer(OCTET_STRING, new Uint8Array(2560))
  const pkcs8 = writeDer(SEQUENCE, writeUnsigned(Uint8Array.of(0)), kind, writeDer(OCTET_STRING, expanded))
  expect(await refusedWith(pkcs8, { algorithm: 'ML-DSA-44' })).toMatch(/^unsupported: .*expanded key/)
})

test.each([
  ['1024 bits', 1024, 65_537],
  ['the exponent 3', 2048, 3],
])('an RSA key with %s is refused in every form', async (_name, modulusLength, publicExponent) => {
  const { publicKey, privateKey } = generateKeyPairSync('rsa', { modulusLength, publicExponent })
  for (const type of ['spki', 'pkcs1'] as const) {
    const der = new Uint8Array(publicKey.export({ format: 'der', type }))
    expect(await refusedWith(der)).toMatch(modulusLength === 1024 ? /^weak_key/ : /^key_invalid/)
  }
  for (const type of ['pkcs8', 'pkcs1'] as const) {
    const der = new Uint8Array(privateKey.export({ format: 'der', type }))
    expect(await refusedWith(der)).toMatch(modulusLength === 1024 ? /^weak_key/ : /^key_invalid/)
  }
})

describe('whatever the bytes, the answer is one of our codes', () => {
  const files = [
    'rsa.pkcs1',
    'rsa.certificate',
    'prime256v1.sec1',
    'ed25519.pkcs8',
    'x25519.spki',
    'ed25519.encrypted',
  ]
  test.each(files)('%s, changed, cut off and lengthened', async (file) => {
    const der = derOf(readPem(file))
    const codes = ['accepted', 'key_invalid', 'weak_key', 'unsupported', 'option_invalid']
    const mutation = fc.record({
      at: fc.nat(der.length - 1),
      octet: fc.nat(255),
      cut: fc.nat(40),
      tail: fc.nat(3),
    })
    await fc.assert(
      fc.asyncProperty(mutation, async ({ at, octet, cut, tail }) => {
        const changed = der.map((old, index) => (index === at ? octet : old))
        const whole = cut === 0 ? changed.subarray(0, at) : changed
        const bytes = Uint8Array.of(...whole, ...new Uint8Array(tail))
        expect(codes).toContain(await outcomeLater(() => importKey(bytes, { passphrase })))
      }),
      { numRuns: 300 },
    )
  })
})
