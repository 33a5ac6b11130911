/**
 * Public keys in every dress in which they have been handed to a library as an HMAC secret (T5; CVE-2015-9235,
 * CVE-2022-29217, CVE-2023-48223, CVE-2024-33663, CVE-2024-37568, CVE-2026-34950, CVE-2026-102268, …).
 */
import { readFileSync } from 'node:fs'
import type { KeyObject } from 'node:crypto'
import { pairFor } from '../forge.ts'

export type Encoding = readonly [name: string, source: string | Uint8Array]

const keys = { RSA: 'RS256', 'P-256': 'ES256', 'P-521': 'ES512', Ed25519: 'Ed25519' } as const

const pemOf = (key: KeyObject): string => key.export({ format: 'pem', type: 'spki' }) as string
const derOf = (key: KeyObject): Buffer => key.export({ format: 'der', type: 'spki' })

/** `ssh-keygen` text of a key: type, base64 of the wire form (RFC 4253 §6.6), comment. */
function sshWire(name: keyof typeof keys): { type: string; wire: Buffer } {
  const jwk = pairFor(keys[name]).publicJwk
  const octets = (member: string): Buffer => Buffer.from(String(jwk[member]), 'base64url')
  const field = (content: string | Uint8Array): Buffer => {
    const bytes = typeof content === 'string' ? Buffer.from(content) : content
    const length = Buffer.alloc(4)
    length.writeUInt32BE(bytes.length)
    return Buffer.concat([length, bytes])
  }
  if (name === 'RSA') {
    const wire = [field('ssh-rsa'), field(octets('e')), field(Buffer.concat([Buffer.of(0), octets('n')]))]
    return { type: 'ssh-rsa', wire: Buffer.concat(wire) }
  }
  if (name === 'Ed25519')
    return { type: 'ssh-ed25519', wire: Buffer.concat([field('ssh-ed25519'), field(octets('x'))]) }
  const curve = name === 'P-256' ? 'nistp256' : 'nistp521'
  const type = `ecdsa-sha2-${curve}`
  const point = Buffer.concat([Buffer.of(4), octets('x'), octets('y')])
  return { type, wire: Buffer.concat([field(type), field(curve), field(point)]) }
}

function dressesOf(name: keyof typeof keys): Encoding[] {
  const { publicKey, privateKey, publicJwk } = pairFor(keys[name])
  const pem = pemOf(publicKey)
  const der = derOf(publicKey)
  const body = der.toString('base64')
  const jwk = JSON.stringify(publicJwk)
  const { type, wire } = sshWire(name)
  const bytes = (text: string): Uint8Array => new TextEncoder().encode(text)
  const encodings: Encoding[] = [
    ['PEM', pem],
    ['PEM as bytes', bytes(pem)],
    ['PEM without its last line feed', pem.trim()],
    ['PEM with CRLF', pem.replaceAll('\n', '\r\n')],
    ['PEM with escaped line feeds', pem.replaceAll('\n', '\\n')],
    ['PEM without line feeds', pem.replaceAll('\n', '')],
    ['PEM with blank lines and spaces', `\n\n  ${pem.replaceAll('\n', '\n  ')}\n`],
    ['PEM with a byte order mark', `\ufeff${pem}`],
    ['PEM with junk in front', `-----\nkey: ${pem}`],
    ['PEM with junk behind', `${pem}# the key of the API`],
    ['PEM in quotes', JSON.stringify(pem)],
    ['PEM in lower case', pem.toLowerCase()],
    ['PEM with four dashes and spaces (SSH2)', pem.replaceAll('-----', '---- ')],
    ['PEM with a label of its own', pem.replaceAll('PUBLIC KEY', 'EC PUBLIC KEY')],
    ['PEM without dashes', pem.replaceAll('-', '')],
    ['PEM cut off at its end', pem.slice(0, -20)],
    ['PEM in UTF-16LE', new Uint8Array(Buffer.from(pem, 'utf16le'))],
    ['PEM in UTF-16BE', new Uint8Array(Buffer.from(pem, 'utf16le').swap16())],
    ['the private key in PEM', privateKey.export({ format: 'pem', type: 'pkcs8' })],
    ['the base64 body alone', body],
    ['the base64 body in lines', body.replaceAll(/(.{64})/g, '$1\n')],
    ['the base64 body without padding', body.replaceAll('=', '')],
    ['the base64url body', der.toString('base64url')],
    ['the base64 body in quotes', `"${body}"`],
    ['the base64 of the PEM', Buffer.from(pem).toString('base64')],
    ['DER', new Uint8Array(der)],
    ['DER with a line feed behind', Uint8Array.of(...der, 10)],
    ['DER of the private key', new Uint8Array(privateKey.export({ format: 'der', type: 'pkcs8' }))],
    ['a JWK', jwk],
    ['a JWK as bytes', bytes(jwk)],
    ['a JWK in several lines', JSON.stringify(publicJwk, null, 2)],
    ['a JWK with white space and a byte order mark in front', `\ufeff \n${jwk}`],
    ['a JWK whose first members are others', JSON.stringify({ a: 1, b: [2], ...publicJwk })],
    ['a JWK in an array', `[${jwk}]`],
    ['a JWK as JSON in JSON', JSON.stringify(jwk)],
    ['a JWK in UTF-16LE', new Uint8Array(Buffer.from(jwk, 'utf16le'))],
    ['a JWK with a prefix', `key=${jwk}`],
    ['a JWK whose member names are escaped', jwk.replace('"kty"', '"\\u006b\\u0074\\u0079"')],
    ['the base64 of a JWK', Buffer.from(jwk).toString('base64')],
    ['a JWK Set', `{"keys":[${jwk}]}`],
    ['a JWK Set with spaces', `{ "keys" : [ ${jwk} ] }`],
    ['a JWK Set inside another object', `{"issuer":"https://a.example","jwks":{"keys":[${jwk}]}}`],
    ['an SSH key', `${type} ${wire.toString('base64')} user@host`],
    ['an SSH key of authorized_keys with options', `no-pty,command="x" ${type} ${wire.toString('base64')}`],
    ['an SSH key without its comment', `${type} ${wire.toString('base64')}`],
    ['the base64 body of an SSH key', wire.toString('base64')],
    ['an SSH key in its wire form', new Uint8Array(wire)],
    [
      'an SSH2 key (RFC 4716)',
      `---- BEGIN SSH2 PUBLIC KEY ----\nComment: "x"\n${wire.toString('base64')}\n---- END SSH2 PUBLIC KEY ----\n`,
    ],
  ]
  return encodings.map(([dress, source]) => [`${name}: ${dress}`, source])
}

/** Forms that only RSA keys have, and a certificate. */
function rsaDresses(): Encoding[] {
  const { publicKey, privateKey } = pairFor('RS256')
  const pkcs1 = publicKey.export({ format: 'der', type: 'pkcs1' })
  const certificate = readFileSync(new URL('certificate.pem', import.meta.url), 'utf8')
  const certificateBody = certificate.replaceAll(/-----[^-]+-----|\s/g, '')
  return [
    ['RSA: PKCS #1 in PEM', publicKey.export({ format: 'pem', type: 'pkcs1' })],
    ['RSA: PKCS #1 in DER', new Uint8Array(pkcs1)],
    ['RSA: the base64 body of PKCS #1', pkcs1.toString('base64')],
    ['RSA: the private key in PKCS #1', privateKey.export({ format: 'pem', type: 'pkcs1' })],
    ['a certificate in PEM', certificate],
    ['a certificate in DER', new Uint8Array(Buffer.from(certificateBody, 'base64'))],
    ['the base64 body of a certificate (x5c)', certificateBody],
    ['a certificate in UTF-16LE', new Uint8Array(Buffer.from(certificate, 'utf16le'))],
  ]
}

/** Every encoding of the corpus. */
export const keyEncodings: readonly Encoding[] = [
  ...(Object.keys(keys) as (keyof typeof keys)[]).flatMap(dressesOf),
  ...rsaDresses(),
]
