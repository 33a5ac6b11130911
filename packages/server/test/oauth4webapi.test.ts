/** `oauth4webapi`, a client that we did not write and do not change, against the server (RFC 8414, 6749, 7523, 7009, 7662). */
import * as oauth from 'oauth4webapi'
import { createLocalJwkSet, verifyJwt } from '@tessera/jose'
import type { JwkSet } from '@tessera/jose'
import { describe, expect, test } from 'vitest'
import type { TestServer } from './create-test-server.ts'
import { createTestServer, issuer } from './create-test-server.ts'
import { registerClient } from './register-client.ts'

/** Sends the client's requests to the server, with no network in between. */
function over(server: TestServer) {
  const fetch = (
    url: string,
    { method, headers, body }: { method: string; headers: object; body?: unknown },
  ) =>
    server.handle(
      new Request(url, {
        method,
        headers: headers as Record<string, string>,
        ...(body !== undefined && { body: body as URLSearchParams }),
      }),
    )
  return { [oauth.customFetch]: fetch }
}

async function setUp() {
  const server = await createTestServer({ startMs: Date.now() })
  const options = over(server)
  const url = new URL(issuer)
  const response = await oauth.discoveryRequest(url, { ...options, algorithm: 'oauth2' })
  const as = await oauth.processDiscoveryResponse(url, response)
  return { server, options, as }
}

describe('oauth4webapi', () => {
  test('reads the metadata (RFC 8414 §3.3) and refreshes a session', async () => {
    const { server, options, as } = await setUp()
    const { refresh_token } = await server.signup()
    const client = { client_id: 'tessera' }
    const response = await oauth.refreshTokenGrantRequest(as, client, oauth.None(), refresh_token, options)
    const tokens = await oauth.processRefreshTokenResponse(as, client, response)
    expect((await server.me(tokens.access_token)).status).toBe(200)
  })

  test.each([
    ['client_secret_basic', oauth.ClientSecretBasic],
    ['client_secret_post', oauth.ClientSecretPost],
  ] as const)('gets a token with client_credentials and %s', async (_, authenticate) => {
    const { server, options, as } = await setUp()
    const { clientId, secret } = await registerClient(server, {
      clientId: 'a client: with marks +&%'.replaceAll(' ', '_'),
    })
    const client = { client_id: clientId }
    const response = await oauth.clientCredentialsGrantRequest(
      as,
      client,
      authenticate(secret),
      { scope: 'orders:read' },
      options,
    )
    const tokens = await oauth.processClientCredentialsResponse(as, client, response)
    expect(tokens.scope).toBe('orders:read')
    expect(tokens.refresh_token).toBeUndefined()
    const jwkSet = (await server.send('GET', '/.well-known/jwks.json')).body as unknown as JwkSet
    const { claims } = await verifyJwt(tokens.access_token, createLocalJwkSet(jwkSet), {
      issuer,
      audience: issuer,
      typ: 'at+jwt',
    })
    expect(claims).toMatchObject({ sub: clientId, client_id: clientId, scope: 'orders:read' })
  })

  test('gets a token with private_key_jwt (RFC 7523 §2.2)', async () => {
    const { server, options, as } = await setUp()
    const { publicKey, privateKey } = await oauth.generateKeyPair('ES256')
    const jwk = await crypto.subtle.exportKey('jwk', publicKey)
    const { clientId } = await registerClient(server, { jwkSet: { keys: [jwk] } as unknown as JwkSet })
    const client = { client_id: clientId }
    const response = await oauth.clientCredentialsGrantRequest(
      as,
      client,
      oauth.PrivateKeyJwt(privateKey),
      {},
      options,
    )
    const tokens = await oauth.processClientCredentialsResponse(as, client, response)
    expect(tokens.token_type).toBe('bearer')
  })

  test('introspects and revokes a token', async () => {
    const { server, options, as } = await setUp()
    const { clientId, secret } = await registerClient(server, { scope: 'introspect' })
    const client = { client_id: clientId }
    const authenticate = oauth.ClientSecretBasic(secret)
    const { access_token } = await server.signup()
    const isActive = async (): Promise<boolean> => {
      const response = await oauth.introspectionRequest(as, client, authenticate, access_token, options)
      return (await oauth.processIntrospectionResponse(as, client, response)).active
    }
    expect(await isActive()).toBe(true)
    const own = { client_id: 'tessera' }
    const response = await oauth.revocationRequest(as, own, oauth.None(), access_token, options)
    await oauth.processRevocationResponse(response)
    expect(await isActive()).toBe(false)
  })

  test('is told invalid_client where the secret is wrong', async () => {
    const { server, options, as } = await setUp()
    const { clientId } = await registerClient(server)
    const client = { client_id: clientId }
    const response = await oauth.clientCredentialsGrantRequest(
      as,
      client,
      oauth.ClientSecretBasic('cs_wrong'),
      {},
      options,
    )
    await expect(oauth.processClientCredentialsResponse(as, client, response)).rejects.toMatchObject({
      cause: [expect.objectContaining({ scheme: 'basic' })],
    })
  })
})
