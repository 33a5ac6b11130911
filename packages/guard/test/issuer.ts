/** An issuer for tests, written with Node's own crypto so that it shares no code with what it tests. */
import { createHmac, createPrivateKey, createPublicKey, generateKeyPairSync, sign } from 'node:crypto'
import type { KeyObject } from 'node:crypto'
import { createServer } from 'node:http'
import type { Server, ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

export interface IssuerKey {
  readonly kid: string
  readonly privateKey: KeyObject
  readonly publicKey: KeyObject
  readonly jwk: Record<string, unknown>
}

/** A fresh P-256 key, read from its octets: on Node 20 one straight from the generator can stand still when it is exported. */
export function makeKey(kid: string): IssuerKey {
  const octets = generateKeyPairSync('ec', {
    namedCurve: 'P-256',
    publicKeyEncoding: { format: 'der', type: 'spki' },
    privateKeyEncoding: { format: 'der', type: 'pkcs8' },
  })
  const privateKey = createPrivateKey({ key: octets.privateKey, format: 'der', type: 'pkcs8' })
  const publicKey = createPublicKey({ key: octets.publicKey, format: 'der', type: 'spki' })
  const jwk = { ...publicKey.export({ format: 'jwk' }), kid, alg: 'ES256', use: 'sig' }
  return { kid, privateKey, publicKey, jwk }
}

const encode = (value: unknown): string =>
  Buffer.from(typeof value === 'string' ? value : JSON.stringify(value)).toString('base64url')

/** A compact JWS over any header and claims; text stands for itself, so that broken JSON can be signed too. */
export function signWith(key: KeyObject, header: unknown, claims: unknown): string {
  const input = `${encode(header)}.${encode(claims)}`
  return `${input}.${sign('sha256', Buffer.from(input), { key, dsaEncoding: 'ieee-p1363' }).toString('base64url')}`
}

/** A compact JWS by HMAC-SHA-256. */
export function signWithSecret(secret: string | Buffer, header: unknown, claims: unknown): string {
  const input = `${encode(header)}.${encode(claims)}`
  return `${input}.${createHmac('sha256', secret).update(input).digest('base64url')}`
}

export function unsigned(header: unknown, claims: unknown): string {
  return `${encode(header)}.${encode(claims)}.`
}

/** What the issuer's JWK Set endpoint does at the moment. */
export type Mood = 'up' | 'down' | 'hangs up' | 'slow' | 'drips' | 'redirects' | 'empty' | 'garbage' | 'huge'

export interface Issuer {
  readonly url: string
  readonly keys: IssuerKey[]
  mood: Mood
  /** How often the JWK Set was asked for. */
  fetches: number
  close(): Promise<void>
}

type Misbehave = (response: ServerResponse, asked: { readonly text: string; readonly url: string }) => void

const answers: Readonly<Record<Exclude<Mood, 'up'>, Misbehave>> = {
  down: (response) => void response.writeHead(500).end(),
  'hangs up': (response) => void response.destroy(),
  slow: () => undefined,
  drips: (response, { text }) => {
    let sent = 0
    const timer = setInterval(() => void response.write(text[sent++ % text.length]), 20)
    response.on('close', () => clearInterval(timer))
  },
  redirects: (response, { url }) => void response.writeHead(302, { location: `${url}?elsewhere` }).end(),
  // The metadata stays good: it is the set that lost its keys.
  empty: (response, { url, text }) => void response.end(url === '/jwks' ? '{"keys":[]}' : text),
  garbage: (response) => void response.end('<html>'),
  huge: (response, { text }) => void response.end(`${text.slice(0, -1)},"x":"${'x'.repeat(10_000_000)}"}`),
}

/** Starts an issuer on loopback: RFC 8414 metadata and a JWK Set. */
export async function startIssuer(keys: IssuerKey[]): Promise<Issuer> {
  const document = (isSet: boolean): object =>
    isSet
      ? { keys: issuer.keys.map(({ jwk }) => jwk) }
      : { issuer: issuer.url, jwks_uri: `${issuer.url}/jwks`, response_types_supported: [] }

  const server: Server = createServer((request, response) => {
    const isSet = request.url?.startsWith('/jwks') === true
    if (isSet) issuer.fetches += 1
    response.setHeader('content-type', 'application/json')
    const text = JSON.stringify(document(isSet))
    // What a redirect leads to is as good as ever: nobody may look.
    if (issuer.mood === 'up' || request.url?.endsWith('?elsewhere') === true) response.end(text)
    else answers[issuer.mood](response, { text, url: request.url ?? '' })
  })
  const url = `http://127.0.0.1:${await listen(server)}`
  const issuer: Issuer = { url, keys, mood: 'up', fetches: 0, close: () => closeServer(server) }
  return issuer
}

/** Listens on a free port of loopback. */
export function listen(server: Server): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen(0, '127.0.0.1', () => resolve((server.address() as AddressInfo).port))
  })
}

export function closeServer(server: Server): Promise<void> {
  server.closeAllConnections()
  return new Promise((resolve, reject) => {
    server.close((error) => (error === undefined ? resolve() : reject(error)))
  })
}
