/**
 * P26: every kind of signed document, with every consumer. Each consumer gets a document that is right for it in all but the
 * type, signed by the very key that it trusts: the type alone keeps them apart (RFC 8725 §3.11).
 */
import { createGuard, followRevocations } from '@tessera/guard'
import { createLocalJwkSet, exportJwk, signJwt, verifyJwt } from '@tessera/jose'
import type { ClaimsSet, PrivateKey } from '@tessera/jose'
import { createDpopProof, verifyDpopProof } from '@tessera/jose/dpop'
import { decodeUnverified } from '@tessera/jose/unverified'
import { describe, expect, test } from 'vitest'
import { deriveServerSecrets } from '../../src/keys/server-secrets.ts'
import { loadSigningKeys } from '../../src/keys/signing-keys.ts'
import { createTestServer, issuer, serverSecret } from '../create-test-server.ts'
import { basic, registerClient } from '../register-client.ts'

const types = [
  'at+jwt',
  'JWT',
  'tessera-revocations+jwt',
  'dpop+jwt',
  'client-authentication+jwt',
  'logout+jwt',
  'secevent+jwt',
  'jwk-set+jwt',
] as const

const audience = `${issuer}/api`
const path = '/live'

interface Consumer {
  /** The types that are its own. */
  readonly own: readonly string[]
  /** What it wants to find in a document, beside the type. */
  readonly claims: ClaimsSet
  /** Whether it takes the text for one of its documents. */
  takes(text: string): Promise<boolean>
}

/** A server, the key of its access tokens, and everybody who takes documents that this key may have signed. */
async function setUp() {
  const server = await createTestServer()
  const now = server.nowMs() / 1000
  const session = await server.signup()
  const { signingKey } = await loadSigningKeys({
    store: server.store.signingKeys,
    secrets: deriveServerSecrets([serverSecret]),
    issuer,
    algorithm: 'ES256',
    purpose: 'access',
    jwtSecret: undefined,
    rotateSeconds: 86_400,
    keepSeconds: 1020,
    nowMs: server.nowMs,
  })
  const key = signingKey as PrivateKey
  const jwks = { keys: [await exportJwk(key.publicKey)] }
  const keys = createLocalJwkSet(jwks)
  const assertive = await registerClient(server, { clientId: 'assertive', jwkSet: jwks })
  const live = await registerClient(server, { clientId: 'live', scope: '' })
  const real = decodeUnverified(session.access_token).unverified.claims
  const times = { iat: now, exp: now + 60, jti: crypto.randomUUID() }

  const guard: Consumer = {
    own: ['at+jwt'],
    claims: { ...real, ...times, aud: audience },
    takes: async (text) => {
      const door = createGuard({ issuer, audience, keys, now })
      const headers = { authorization: `Bearer ${text}` }
      return (await door.authenticate({ method: 'GET', url: '/', headers })).ok
    },
  }
  const ownApi: Consumer = {
    own: ['at+jwt'],
    claims: { ...real, jti: times.jti },
    takes: async (text) => (await server.me(text)).status === 200,
  }
  const ticketDesk: Consumer = {
    own: ['at+jwt'],
    claims: { ...real, jti: times.jti },
    takes: async (bearer) =>
      (await server.send('POST', '/ticket', { bearer, json: { path } })).status === 201,
  }
  const feed: Consumer = {
    own: ['tessera-revocations+jwt'],
    claims: {
      ...times,
      iss: issuer,
      aud: `${issuer}/revocations`,
      epoch: 'e',
      since: null,
      next: 'e.1',
      more: false,
      reset: false,
      entries: [],
    },
    takes: async (text) => {
      let tell: (isTaken: boolean) => void = () => undefined
      const heard = new Promise<boolean>((resolve) => (tell = resolve))
      const follower = followRevocations({
        issuer,
        keys,
        transport: 'poll',
        fetch: async () => new Response(text),
        onError: () => tell(false),
        now: () => now,
      })
      void follower.ready.then(() => tell(true))
      return heard.finally(() => follower.close())
    },
  }
  const clientAuthentication: Consumer = {
    own: ['JWT', 'client-authentication+jwt'],
    claims: { ...times, iss: assertive.clientId, sub: assertive.clientId, aud: issuer },
    takes: async (text) => {
      const form = {
        grant_type: 'client_credentials',
        client_assertion: text,
        client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
      }
      return (await server.send('POST', '/token', { form })).status === 200
    },
  }
  const plainVerifier: Consumer = {
    own: ['at+jwt', 'JWT'],
    claims: { ...times, iss: issuer, aud: audience },
    takes: (text) =>
      verifyJwt(text, keys, { issuer, audience, now }).then(
        () => true,
        () => false,
      ),
  }
  const proof: Consumer = {
    own: [],
    claims: { ...times, htm: 'GET', htu: audience },
    takes: (text) =>
      verifyDpopProof(text, {
        method: 'GET',
        url: audience,
        accessToken: null,
        expectedThumbprint: null,
        replayStore: null,
        now,
      }).then(
        () => true,
        () => false,
      ),
  }
  const refresh: Consumer = {
    own: [],
    claims: { ...real, ...times },
    takes: async (text) => (await server.refresh(text)).status === 200,
  }
  const redemption: Consumer = {
    own: [],
    claims: { ...real, ...times, path },
    takes: async (ticket) => {
      const headers = basic(live.clientId, live.secret)
      const { body } = await server.send('POST', '/ticket/redeem', { headers, form: { ticket, path } })
      return body['active'] === true
    },
  }
  const consumers = {
    guard,
    'GET /me': ownApi,
    'POST /ticket': ticketDesk,
    feed,
    'client authentication': clientAuthentication,
    verifyJwt: plainVerifier,
    'a DPoP proof': proof,
    'POST /token': refresh,
    'POST /ticket/redeem': redemption,
  }
  return { server, session, key, now, consumers }
}

const names = [
  'guard',
  'GET /me',
  'POST /ticket',
  'feed',
  'client authentication',
  'verifyJwt',
  'a DPoP proof',
  'POST /token',
  'POST /ticket/redeem',
] as const

describe('P26: documents and consumers', () => {
  test.each(names)('%s takes its own type, and no other', async (name) => {
    const { key, consumers } = await setUp()
    const { own, claims, takes } = consumers[name]
    const taken: string[] = []
    for (const typ of types) {
      const document = { ...claims, jti: crypto.randomUUID() }
      if (await takes(await signJwt(document, key, { typ }))) taken.push(typ)
    }
    expect(taken).toEqual(types.filter((typ) => own.includes(typ)))
  })

  test.each(names)('%s takes no refresh token and no ticket for a document', async (name) => {
    const { server, session, consumers } = await setUp()
    const issued = await server.send('POST', '/ticket', { bearer: session.access_token, json: { path } })
    const foreign = [
      ...(name === 'POST /token' ? [] : [session.refresh_token]),
      ...(name === 'POST /ticket/redeem' ? [] : [issued.body['ticket'] as string]),
    ]
    for (const text of foreign) expect(await consumers[name].takes(text)).toBe(false)
  })

  test('the consumers do take what is theirs: a proof, a refresh token, a ticket', async () => {
    const { server, session, key, now, consumers } = await setUp()
    const proof = await createDpopProof(key, { method: 'GET', url: audience, now })
    expect(await consumers['a DPoP proof'].takes(proof)).toBe(true)
    for (const name of ['guard', 'GET /me', 'feed', 'client authentication', 'verifyJwt'] as const)
      expect(await consumers[name].takes(proof)).toBe(false)
    const issued = await server.send('POST', '/ticket', { bearer: session.access_token, json: { path } })
    expect(await consumers['POST /ticket/redeem'].takes(issued.body['ticket'] as string)).toBe(true)
    expect(await consumers['POST /token'].takes(session.refresh_token)).toBe(true)
  })
})
