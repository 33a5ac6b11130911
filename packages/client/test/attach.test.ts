import { describe, expect, test } from 'vitest'
import { issuerUrl, problem } from './fake-issuer.ts'
import { createFixture, createSignedIn, errorOf } from './fixture.ts'

const api = 'https://api.example'

describe('the token goes', () => {
  test('to the issuer and to the listed origins, as a bearer token', async () => {
    const { client, issuer } = await createSignedIn({ origins: [api] })
    await client.fetch(`${issuerUrl}/me`)
    await client.fetch(new URL(`${api}/me?x=1`), { method: 'DELETE', headers: { 'x-kept': 'yes' } })
    await client.fetch(new Request(`${api}/me`, { headers: { 'x-kept': 'yes' } }))
    expect(issuer.seen.slice(1).map((request) => request.authorization)).toEqual(Array(3).fill('Bearer at.1'))
    expect(issuer.seen[2]?.method).toBe('DELETE')
  })

  test.each([
    'https://evil.example/me',
    'https://api.example.evil.example/me',
    'https://sub.api.example/me',
    'https://api.example:8443/me',
    'http://api.example/me',
    'https://api.example@evil.example/me',
  ])('not to %s', async (url) => {
    const { client, issuer } = await createSignedIn({ origins: [api] })
    // Some of these addresses fetch itself refuses; what counts is that no request carries the token.
    await client.fetch(url).catch(() => {})
    await client.fetch(new Request('https://x.example/me'), { headers: {} })
    expect(issuer.seen.length).toBeGreaterThan(1)
    for (const request of issuer.seen) expect(request.authorization).toBeNull()
  })

  test('not in place of an Authorization header of the caller, and such a request is never sent again', async () => {
    const { client, issuer } = await createSignedIn()
    issuer.expireAccessTokens()
    const headers = { authorization: 'Basic abc' }
    expect((await client.fetch(`${issuerUrl}/me`, { headers })).status).toBe(401)
    await client.fetch(new Request(`${issuerUrl}/me`, { headers }))
    expect(issuer.to('/me').map((request) => request.authorization)).toEqual(['Basic abc', 'Basic abc'])
    expect(issuer.to('/token')).toHaveLength(0)
  })

  test('nowhere while nobody is signed in', async () => {
    const { client, issuer } = createFixture()
    await client.fetch(`${issuerUrl}/me`)
    expect(issuer.to('/me')).toMatchObject([{ authorization: null }])
  })
})

test('a relative address counts from the issuer where there is no page', async () => {
  const { client, issuer } = await createSignedIn()
  await client.fetch('/me')
  expect(issuer.to('/me')).toMatchObject([{ url: `${issuerUrl}/me`, authorization: 'Bearer at.1' }])
})

test('an address that is none is refused as fetch refuses it', async () => {
  const { client } = await createSignedIn()
  expect(await errorOf(client.fetch('https://'))).toBeInstanceOf(TypeError)
})

test('fetch works detached from the client', async () => {
  const { client, issuer } = await createSignedIn()
  const { fetch } = client
  expect((await fetch('/me')).status).toBe(200)
  expect(issuer.to('/me')).toHaveLength(1)
})

describe('once after a 401', () => {
  test('renews the token and sends the request again, body included', async () => {
    const { client, issuer } = await createSignedIn()
    issuer.expireAccessTokens()
    const bodies = [
      'text',
      new URLSearchParams({ a: 'b' }),
      new Blob(['blob']),
      new TextEncoder().encode('bytes'),
    ]
    for (const body of bodies) {
      issuer.expireAccessTokens()
      expect((await client.fetch('/me', { method: 'POST', body })).status).toBe(200)
    }
    const sent = issuer.to('/me').map((request) => request.body)
    expect(sent).toEqual(['text', 'text', 'a=b', 'a=b', 'blob', 'blob', 'bytes', 'bytes'])
  })

  test('does not send a stream again: the caller gets the 401, and the next request a new token', async () => {
    const { client, issuer } = await createSignedIn()
    issuer.expireAccessTokens()
    const body = new Blob(['streamed']).stream()
    const init = { method: 'POST', body, duplex: 'half' } as RequestInit
    const first = await client.fetch('/me', init)
    expect(first.status).toBe(401)
    expect(await first.json()).toMatchObject({ code: 'expired' })
    expect(issuer.to('/me')).toHaveLength(1)
    expect((await client.fetch('/me')).status).toBe(200)
    expect(issuer.rotations()).toBe(1)
  })

  test('leaves the 401 of a stream to the caller even when the issuer is away', async () => {
    const { client, issuer } = await createSignedIn()
    issuer.expireAccessTokens()
    issuer.fail('/token', () => problem(503, 'overloaded'))
    const init = { method: 'POST', body: new Blob(['x']).stream(), duplex: 'half' } as RequestInit
    expect((await client.fetch('/me', init)).status).toBe(401)
    expect(client.session.status).toBe('signed-in')
  })

  test('sends a Request without a body again, and one with a body not', async () => {
    const { client, issuer } = await createSignedIn()
    issuer.expireAccessTokens()
    expect((await client.fetch(new Request(`${issuerUrl}/me`))).status).toBe(200)
    issuer.expireAccessTokens()
    const withBody = new Request(`${issuerUrl}/me`, { method: 'POST', body: 'x' })
    expect((await client.fetch(withBody)).status).toBe(401)
  })

  test('gives up when the new token is refused too, and does not renew for that origin again', async () => {
    const { client, issuer } = await createSignedIn()
    issuer.fail('/me', () => problem(401, 'claim_invalid', 'Bearer error="invalid_token"'), 20)
    for (let calls = 0; calls < 5; calls++) expect((await client.fetch('/me')).status).toBe(401)
    expect(issuer.rotations()).toBe(1)
    expect(issuer.to('/me')).toHaveLength(6)
  })

  test.each([
    ['no error in the challenge', problem(401, 'token_missing', 'Bearer')],
    ['another error', problem(401, 'expired', 'Bearer error="insufficient_scope"')],
    [
      'invalid_token in a description only',
      problem(401, 'x', 'Bearer error_description="error=invalid_token"'),
    ],
    ['a quote that hides it', problem(401, 'x', String.raw`Bearer realm="a\", error=\"invalid_token"`)],
    ['no challenge and a code of another kind', problem(401, 'credentials_invalid')],
    ['no challenge and no JSON', new Response('{"code":"expired"}', { status: 401 })],
    [
      'no challenge and broken JSON',
      new Response('{', { status: 401, headers: { 'content-type': 'application/json' } }),
    ],
    ['another status', problem(403, 'expired', 'Bearer error="invalid_token"')],
  ])('leaves alone an answer with %s', async (_, answer) => {
    const { client, issuer } = await createSignedIn()
    issuer.fail('/me', () => answer.clone())
    const got = await client.fetch('/me')
    expect(got.status).toBe(answer.status)
    expect(await got.text()).toBe(await answer.text())
    expect(issuer.to('/token')).toHaveLength(0)
  })

  test.each([
    [
      'among other challenges',
      () => problem(401, 'x', 'Basic realm="x", Bearer realm="y", error="invalid_token"'),
    ],
    ['unquoted', () => problem(401, 'x', 'Bearer error=invalid_token, scope="a"')],
    ['in the body, the challenge being hidden', () => problem(401, 'expired')],
  ])('reads invalid_token %s', async (_, answer) => {
    const { client, issuer } = await createSignedIn()
    issuer.fail('/me', answer)
    expect((await client.fetch('/me')).status).toBe(200)
    expect(issuer.rotations()).toBe(1)
  })

  test('reads no more of a refusal than a code can need', async () => {
    const { client, issuer } = await createSignedIn()
    let pulled = 0
    issuer.fail('/me', () => {
      const endless = new ReadableStream<Uint8Array>({
        pull(controller) {
          pulled++
          controller.enqueue(new Uint8Array(4096).fill(32))
        },
      })
      return new Response(endless, { status: 401, headers: { 'content-type': 'application/json' } })
    })
    const answer = await client.fetch('/me')
    expect(answer.status).toBe(401)
    expect(pulled).toBeLessThan(20)
    await answer.body?.cancel()
  })
})

test('an abort ends the wait for a refresh without ending the refresh', async () => {
  const { client, issuer, clock } = await createSignedIn()
  await clock.advance(200)
  const release = issuer.hold('/token')
  const controller = new AbortController()
  const given = errorOf(client.fetch('/me', { signal: controller.signal }))
  const other = client.fetch('/me')
  await clock.advance(0)
  controller.abort()
  expect(await given).toMatchObject({ name: 'AbortError' })
  release()
  expect((await other).status).toBe(200)
})
