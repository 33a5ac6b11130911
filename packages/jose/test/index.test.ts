import { expect, test } from 'vitest'
import * as jose from '@tessera/jose'
import * as dpop from '@tessera/jose/dpop'
import * as jwk from '@tessera/jose/jwk'
import * as jwks from '@tessera/jose/jwks'
import * as jwt from '@tessera/jose/jwt'
import * as unverified from '@tessera/jose/unverified'

test('the package gives the functions of its contract', () => {
  const functions =
    'encode decode signJwt verifyJwt safeVerifyJwt createVerifier secret generateKey importKey exportJwk exportPem ' +
    'calculateThumbprint createLocalJwkSet createRemoteJwkSet JoseError isJoseError'
  for (const name of functions.split(' '))
    expect(typeof (jose as Record<string, unknown>)[name]).toBe('function')
  expect(jose.tokenErrorCodes).toContain('expired')
})

test('its rooms give the same functions', () => {
  expect(jwt.verifyJwt).toBe(jose.verifyJwt)
  expect(jwt.decode).toBe(jose.decode)
  expect(jwk.secret).toBe(jose.secret)
  expect(jwk.importKey).toBe(jose.importKey)
  expect(jwks.createRemoteJwkSet).toBe(jose.createRemoteJwkSet)
  expect(jwks.createLocalJwkSet).toBe(jose.createLocalJwkSet)
})

test('proofs of possession have a room of their own', () => {
  expect(Object.keys(dpop).sort()).toEqual([
    'boundThumbprint',
    'checkDpopBinding',
    'createDpopProof',
    'createMemoryReplayStore',
    'verifyDpopProof',
  ])
})

test('what is not verified is not at the front door', () => {
  expect(Object.keys(jose)).not.toContain('decodeUnverified')
  expect(typeof unverified.decodeUnverified).toBe('function')
})
