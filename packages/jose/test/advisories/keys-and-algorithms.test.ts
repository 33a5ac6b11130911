/** Published attacks on JWT libraries: the algorithm, the key, the text of the signature. One row each. */
import { createHmac, createSign } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { createLocalJwkSet, importKey, secret, verifyJwt } from '../../src/index.ts'
import type { Key, KeySet, VerificationKey } from '../../src/index.ts'
import { forge, pairFor, segment, sharedBytes, sharedSecret, token } from '../forge.ts'
import { decodeLater, outcomeOfToken } from '../later.ts'
import { outcomeLater } from '../outcome.ts'

const rsa = pairFor('RS256')
const ec = pairFor('ES256')
const rsaKey = await importKey(rsa.publicJwk, { type: 'public' })
const ecKey = await importKey(ec.publicJwk, { type: 'public' })
const hmacKey = secret('HS256', sharedSecret)
const rsaPem = rsa.publicKey.export({ format: 'pem', type: 'spki' }) as string
const ecDer = ec.publicKey.export({ format: 'der', type: 'spki' })
const set = createLocalJwkSet({
  keys: [
    { ...rsa.publicJwk, kid: 'rsa' },
    { ...ec.publicJwk, kid: 'ec' },
  ],
})
const admin = { sub: 'admin' }
const input = (header: object, claims: object = admin): string => `${segment(header)}.${segment(claims)}`
const macOver = (key: string | Uint8Array, header: object): string =>
  forge(header, admin, { key: typeof key === 'string' ? new TextEncoder().encode(key) : key })
const answering = (answer: unknown): KeySet => ({ selectKeys: () => answer as VerificationKey[] })

type Row = readonly [advisories: string, attack: () => unknown, outcome: string]

const algorithmRows: Row[] = [
  [
    'CVE-2015-9235, CVE-2016-10555: HS256 over the RSA public key',
    () => decodeLater(macOver(rsaPem, { alg: 'HS256' }), rsaKey),
    'alg_not_allowed',
  ],
  [
    'CVE-2015-2951: alg none without a signature',
    () => decodeLater(`${input({ alg: 'none' })}.`, rsaKey),
    'alg_not_allowed',
  ],
  [
    'CVE-2016-1000223: alg none with a key set',
    () => decodeLater(`${input({ alg: 'none', kid: 'rsa' })}.`, set),
    'alg_not_allowed',
  ],
  [
    'CVE-2018-1000531: none with a signature of anything',
    () => decodeLater(`${input({ alg: 'none' })}.AAAA`, hmacKey),
    'alg_not_allowed',
  ],
  [
    'CVE-2019-7644, CVE-2020-28042: nOnE',
    () => decodeLater(`${input({ alg: 'nOnE' })}.`, hmacKey),
    'alg_not_allowed',
  ],
  [
    'CVE-2021-44878, CVE-2025-61152: none in any case, in a key set',
    () => decodeLater(`${input({ alg: 'NonE' })}.`, set),
    'alg_not_allowed',
  ],
  [
    'CVE-2022-23541: HS256 where a key set holds an RSA key of that kid',
    () => decodeLater(macOver(rsaPem, { alg: 'HS256', kid: 'rsa' }), set),
    'key_not_found',
  ],
  [
    'CVE-2021-46743: the kid of a key for another algorithm',
    () => decodeLater(macOver(ecDer, { alg: 'HS256', kid: 'ec' }), set),
    'key_not_found',
  ],
  [
    'CVE-2021-46743: a key set that answers with a key for another algorithm',
    () => decodeLater(macOver(rsaPem, { alg: 'HS256' }), answering([rsaKey])),
    'alg_not_allowed',
  ],
  [
    'CVE-2026-22817, CVE-2026-22818: a JWK without alg and a token of HS256',
    () =>
      decodeLater(
        token(admin),
        createLocalJwkSet({ keys: [{ kty: 'RSA', n: rsa.publicJwk.n!, e: 'AQAB' }] }),
      ),
    'key_not_found',
  ],
  [
    'CVE-2026-48523: an allow-list beside a key that is not on it',
    () => decodeLater(token(admin), hmacKey, { algorithms: ['RS256'] }),
    'alg_not_allowed',
  ],
  [
    'CVE-2026-23993: an unknown alg with an empty signature',
    () => decodeLater(`${input({ alg: 'XX256' })}.`, hmacKey),
    'alg_not_allowed',
  ],
  [
    'CVE-2020-15084: a raw key without a list of algorithms',
    () => decodeLater(token(admin), sharedSecret),
    'option_invalid',
  ],
  [
    'CVE-2022-23539: an RSA key for ES256',
    () => importKey({ ...rsa.publicJwk, alg: 'ES256' }),
    'key_invalid',
  ],
  [
    'CVE-2022-23539: a P-384 key for ES256',
    () => importKey({ ...pairFor('ES384').publicJwk, alg: 'ES256' }),
    'key_invalid',
  ],
  [
    'CVE-2026-44699: an RSA JWK as an HMAC key',
    () => importKey({ ...rsa.publicJwk, alg: 'HS256' }),
    'key_invalid',
  ],
  [
    'CVE-2022-23540: no key at all',
    () => decodeLater(`${input({ alg: 'none' })}.`, undefined as unknown as VerificationKey),
    'key_invalid',
  ],
  [
    'CVE-2025-65945: an HMAC key from a look-up that is text',
    () => decodeLater(token(admin), answering([sharedSecret])),
    'key_invalid',
  ],
]

const keyRows: Row[] = [
  [
    'CVE-2022-29217: PEM as a secret',
    () => decodeLater(macOver(rsaPem, { alg: 'HS256' }), rsaPem, { algorithms: ['HS256'] }),
    'key_invalid',
  ],
  [
    'CVE-2023-48223: PKCS #1 PEM as a secret',
    () => secret('HS256', rsa.publicKey.export({ format: 'pem', type: 'pkcs1' }) as string),
    'key_invalid',
  ],
  [
    'CVE-2024-33663, CVE-2026-85394: DER as a secret',
    () => secret('HS256', new Uint8Array(ecDer)),
    'key_invalid',
  ],
  [
    'CVE-2024-37568, CVE-2026-114615: PEM behind a prefix',
    () => secret('HS256', `\n\t x${rsaPem}`),
    'key_invalid',
  ],
  [
    'CVE-2026-34950, CVE-2026-107722: PEM that was bent',
    () => secret('HS256', rsaPem.replaceAll('-----', '--')),
    'key_invalid',
  ],
  ['CVE-2026-102268: a JWK as text', () => secret('HS512', JSON.stringify(rsa.publicJwk)), 'key_invalid'],
  [
    'CVE-2026-102273: a JWK Set inside other JSON',
    () => secret('HS256', JSON.stringify({ a: { keys: [ec.publicJwk] } })),
    'key_invalid',
  ],
  [
    'CVE-2026-44351, GHSA-8wpc-h4q6-8fxv: a look-up that gives empty text',
    () => decodeLater(token(admin), answering('')),
    'key_invalid',
  ],
  [
    'CVE-2026-45363, CVE-2026-102266, CVE-2026-114616: an empty secret',
    () => decodeLater(macOver('', { alg: 'HS256' }), '', { algorithms: ['HS256'], allowWeakKey: true }),
    'key_invalid',
  ],
  [
    'CVE-2026-45363: an empty secret as bytes',
    () => secret('HS256', new Uint8Array(), { allowWeakKey: true }),
    'key_invalid',
  ],
  [
    'CVE-2026-45363: an empty secret as a JWK',
    () => importKey({ kty: 'oct', k: '', alg: 'HS256' }),
    'key_invalid',
  ],
  [
    'CVE-2025-45765, CVE-2025-45768, CVE-2025-45769: a secret of 31 bytes',
    () => secret('HS256', 'only thirty-one characters long'),
    'weak_key',
  ],
  [
    'CVE-2026-102274: an RSA JWK without its modulus',
    () => importKey({ kty: 'RSA', e: 'AQAB', alg: 'RS256' }),
    'key_invalid',
  ],
  [
    'CVE-2026-102275: d of one key and x of another',
    () => importKey({ ...pairFor('Ed25519').privateJwk, x: pairFor('Ed25519', 'b').publicJwk.x! }),
    'key_invalid',
  ],
  [
    'CVE-2018-0114: a key in the header',
    () => decodeLater(signedBySelf({ jwk: pairFor('ES256', 'evil').publicJwk }), ecKey),
    'bad_signature',
  ],
  [
    'CVE-2026-27962: a key in the header and none at the verifier',
    () =>
      decodeLater(
        signedBySelf({ jwk: pairFor('ES256', 'evil').publicJwk }),
        null as unknown as VerificationKey,
      ),
    'key_invalid',
  ],
]

function signedBySelf(header: object): string {
  return forge({ alg: 'ES256', ...header }, admin, {
    algorithm: 'ES256',
    key: pairFor('ES256', 'evil').privateKey,
  })
}

const good = token(admin)
const [header, payload, signature] = good.split('.') as [string, string, string]
const ecGood = forge({ alg: 'ES256' }, admin, { algorithm: 'ES256', key: ec.privateKey })
const ecHead = ecGood.slice(0, ecGood.lastIndexOf('.'))

const textRows: Row[] = [
  [
    'CVE-2022-21449: an ECDSA signature of zeros',
    () => decodeLater(`${ecHead}.${segment(new Uint8Array(64))}`, ecKey),
    'bad_signature',
  ],
  [
    'CVE-2022-25898, CVE-2021-30246: a DER signature for ES256',
    () => decodeLater(`${ecHead}.${segment(createSign('sha256').update(ecHead).sign(ec.privateKey))}`, ecKey),
    'bad_signature',
  ],
  [
    'CVE-2020-14966: leading zeros before an RSA signature',
    () => decodeLater(paddedRsa(), rsaKey),
    'bad_signature',
  ],
  [
    'CVE-2026-4600: a MAC that is cut short',
    () => decodeLater(`${header}.${payload}.${signature.slice(0, 20)}`, hmacKey),
    'bad_signature',
  ],
  ['CVE-2026-102269: padding behind the signature', () => decodeLater(`${good}=`, hmacKey), 'malformed'],
  ['CVE-2026-102269: stray bits in the last character', () => decodeLater(strayBits(), hmacKey), 'malformed'],
  [
    'CVE-2022-39227: JSON beside the compact form',
    () => decodeLater(`{"a":"${good}"}`, hmacKey),
    'malformed',
  ],
  [
    'CVE-2022-39227: the JSON serialization',
    () => decodeLater(JSON.stringify({ protected: header, payload, signature }), hmacKey),
    'malformed',
  ],
  [
    'CVE-2023-51774: a JWE where a JWS is expected',
    () => decodeLater(`${header}.AAAA.AAAA.${payload}.${signature}`, hmacKey),
    'malformed',
  ],
  [
    'CVE-2024-51744: forged and expired',
    () => decodeLater(forge({ alg: 'HS256' }, { exp: 1 }, { key: new Uint8Array(32).fill(2) }), hmacKey),
    'bad_signature',
  ],
]

function paddedRsa(): string {
  const value = forge({ alg: 'RS256' }, admin, { algorithm: 'RS256', key: rsa.privateKey })
  const [first, second, third] = value.split('.') as [string, string, string]
  return `${first}.${second}.${segment(Buffer.concat([Buffer.of(0), Buffer.from(third, 'base64url')]))}`
}

function strayBits(): string {
  const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'
  return good.slice(0, -1) + alphabet.charAt(alphabet.indexOf(good.slice(-1)) ^ 1)
}

describe.each([
  ['algorithms', algorithmRows],
  ['keys', keyRows],
  ['the text of a token', textRows],
])('%s', (_family, rows) => {
  test.each(rows)('%s', async (_advisories, attack, outcome) => {
    expect(await outcomeLater(attack)).toBe(outcome)
  })
})

describe('the honest tokens beside these attacks are taken', () => {
  test('by the same keys', async () => {
    const policy = { issuer: null, audience: null, requireExp: false } as const
    const rsaGood = forge({ alg: 'RS256', kid: 'rsa' }, admin, { algorithm: 'RS256', key: rsa.privateKey })
    const pairs: [string, VerificationKey | KeySet][] = [
      [good, hmacKey],
      [ecGood, ecKey],
      [rsaGood, rsaKey],
      [rsaGood, set],
      [ecGood, set],
    ]
    for (const [value, key] of pairs) {
      expect(await outcomeOfToken(value, key)).toBe('accepted')
      expect(await outcomeLater(() => verifyJwt(value, key, policy))).toBe('accepted')
    }
  })
})

test('T17 a MAC is compared in one pass over all of it, never as text that stops at the first difference', async () => {
  // What can be seen without a clock: every single changed octet is found, the first and the last alike.
  const mac = createHmac('sha256', sharedBytes).update(`${header}.${payload}`).digest()
  const attempts = Array.from(mac, (_byte, at) => {
    const changed = Buffer.from(mac)
    changed[at] = (changed[at] ?? 0) ^ 1
    return outcomeOfToken(`${header}.${payload}.${segment(changed)}`, hmacKey)
  })
  expect(new Set(await Promise.all(attempts))).toEqual(new Set(['bad_signature']))
})

test('a private key never verifies, not even its own tokens', async () => {
  const own: Key = await importKey(ec.privateJwk)
  expect(await outcomeOfToken(ecGood, own as VerificationKey)).toBe('key_invalid')
})
