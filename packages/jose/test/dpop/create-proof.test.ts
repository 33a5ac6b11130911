import { describe, expect, test } from 'vitest'
import { createDpopProof, createMemoryReplayStore, verifyDpopProof } from '../../src/dpop/index.ts'
import { type AsymmetricAlgorithm, calculateThumbprint, generateKey, secret } from '../../src/index.ts'
import { decodeUnverified } from '../../src/unverified.ts'
import { asymmetricAlgorithms, now } from '../forge.ts'
import { rejection } from '../outcome.ts'
import { accessToken, hashOf, method, url } from './proofs.ts'

const privateKey = await generateKey('ES256')

describe('createDpopProof (RFC 9449 §4.2)', () => {
  test('writes the header and the claims that the RFC lists, and nothing else', async () => {
    const options = { method, url, accessToken, nonce: 'n-1', jwtId: 'one', now: now + 0.9 }
    const { header, claims } = decodeUnverified(await createDpopProof(privateKey, options)).unverified
    expect(header).toEqual({
      typ: 'dpop+jwt',
      alg: 'ES256',
      jwk: { kty: 'EC', crv: 'P-256', x: expect.any(String), y: expect.any(String) },
    })
    const request = { jti: 'one', htm: method, htu: url, iat: now }
    expect(claims).toEqual({ ...request, ath: hashOf(accessToken), nonce: 'n-1' })
  })

  test('is signed with the key whose public half it carries', async () => {
    const proof = await createDpopProof(privateKey, { method, url })
    const { header, signature } = decodeUnverified(proof).unverified
    const algorithm = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' }
    const jwk = header['jwk'] as { kty: string }
    const key = await crypto.subtle.importKey('jwk', jwk, algorithm, false, ['verify'])
    const input = new TextEncoder().encode(proof.slice(0, proof.lastIndexOf('.')))
    expect(await crypto.subtle.verify(algorithm, key, Uint8Array.from(signature), input)).toBe(true)
  })

  test('has a jti of 128 random bits, another each time', async () => {
    const names = await Promise.all(
      Array.from({ length: 20 }, async () => {
        const proof = await createDpopProof(privateKey, { method, url })
        return decodeUnverified(proof).unverified.claims['jti'] as string
      }),
    )
    expect(new Set(names).size).toBe(20)
    for (const name of names) expect(Buffer.from(name, 'base64url').length).toBe(16)
  })

  test('names the URL as fetch will send it, without query and fragment', async () => {
    const uriOf = async (given: string | URL): Promise<unknown> =>
      decodeUnverified(await createDpopProof(privateKey, { method, url: given })).unverified.claims['htu']
    expect(await uriOf('HTTPS://Server.example.com:443/a b?x=1#y')).toBe('https://server.example.com/a%20b')
    expect(await uriOf(new URL('https://bücher.example?x'))).toBe('https://xn--bcher-kva.example/')
  })

  test.each(asymmetricAlgorithms)('makes a proof with %s that is accepted', async (algorithm) => {
    const key = await generateKey(algorithm)
    const proof = await createDpopProof(key, { method, url, accessToken, now })
    const verified = await verifyDpopProof(proof, {
      method,
      url,
      accessToken,
      expectedThumbprint: await calculateThumbprint(key),
      replayStore: createMemoryReplayStore({ now }),
      now,
    })
    expect(verified.publicKey.algorithm satisfies AsymmetricAlgorithm).toBe(algorithm)
  })

  test.each([
    ['a secret', secret('HS256', 'a secret of at least thirty-two bytes')],
    ['a public key', privateKey.publicKey],
    ['no key', undefined],
  ])('refuses %s as a key', async (_title, key) => {
    const { code } = await rejection(createDpopProof(key as unknown as typeof privateKey, { method, url }))
    expect(code).toBe('key_invalid')
  })

  test.each([
    ['no method', { url }],
    ['a method in lower case', { method: 'post', url }],
    ['a method with a space', { method: 'GE T', url }],
    ['no URL', { method }],
    ['a relative URL', { method, url: '/token' }],
    ['a URL of another scheme', { method, url: 'ftp://server.example.com/' }],
    ['a URL with a password', { method, url: 'https://a:b@server.example.com/' }],
    ['an empty nonce', { method, url, nonce: '' }],
    ['an empty access token', { method, url, accessToken: '' }],
    ['an access token from a variable that is not set', { method, url, accessToken: undefined }],
    ['an empty jwtId', { method, url, jwtId: '' }],
    ['a clock that does not tell the time', { method, url, now: Number.NaN }],
    ['a misspelt option', { method, url, acessToken: 'x' }],
  ])('refuses %s', async (_title, options) => {
    const { code } = await rejection(
      createDpopProof(privateKey, options as unknown as { method: string; url: string }),
    )
    expect(code).toBe('option_invalid')
  })
})
