/** Finding an issuer's keys through its metadata (RFC 8414). */
import { describe, expect, test } from 'vitest'
import { createRemoteJwkSet } from '../../src/jwks/index.ts'
import { pairFor } from '../forge.ts'
import { outcomeOf, rejection } from '../outcome.ts'

const keys = JSON.stringify({ keys: [{ ...pairFor('ES256').publicJwk, kid: 'a' }] })

/** A set for an issuer, and what was asked of the network that knows these documents. */
function discover(issuer: string, documents: Readonly<Record<string, string>>) {
  const asked: string[] = []
  const fetch = (input: unknown): Promise<Response> => {
    asked.push(String(input))
    const body = documents[String(input)]
    return Promise.resolve(body === undefined ? new Response('', { status: 404 }) : new Response(body))
  }
  return { asked, set: createRemoteJwkSet({ issuer }, { fetch }) }
}

const wellKnown = 'https://i.example/.well-known/oauth-authorization-server'

describe('the address of the metadata (RFC 8414 §3.1)', () => {
  test.each([
    ['https://i.example', wellKnown],
    ['https://i.example/', wellKnown],
    ['https://i.example/tenant', `${wellKnown}/tenant`],
    ['https://i.example/tenant/', `${wellKnown}/tenant`],
    ['https://i.example/a/b', `${wellKnown}/a/b`],
    ['https://i.example:8443/a', 'https://i.example:8443/.well-known/oauth-authorization-server/a'],
  ])('of %s is %s', async (issuer, url) => {
    const { asked, set } = discover(issuer, {})
    expect((await rejection(set.reload())).code).toBe('keys_unavailable')
    expect(asked).toEqual([url])
  })
})

describe('the metadata', () => {
  const metadata = (changes: object = {}): string =>
    JSON.stringify({ issuer: 'https://i.example', jwks_uri: 'https://keys.example/set', ...changes })

  test('leads to the keys, also on another host', async () => {
    const { asked, set } = discover('https://i.example', {
      [wellKnown]: metadata(),
      'https://keys.example/set': keys,
    })
    expect((await set.selectKeys({ alg: 'ES256', kid: 'a' })).map((key) => key.kid)).toEqual(['a'])
    expect(asked).toEqual([wellKnown, 'https://keys.example/set'])
  })

  test.each([
    ['another issuer', { issuer: 'https://evil.example' }],
    ['the issuer with a slash', { issuer: 'https://i.example/' }],
    ['the issuer in other case', { issuer: 'https://I.example' }],
    ['no issuer', { issuer: undefined }],
    ['a list of issuers', { issuer: ['https://i.example'] }],
    ['no jwks_uri', { jwks_uri: undefined }],
    ['a jwks_uri over plain http', { jwks_uri: 'http://keys.example/set' }],
    ['a jwks_uri of a file', { jwks_uri: 'file:///etc/passwd' }],
    ['a relative jwks_uri', { jwks_uri: '/set' }],
    ['a jwks_uri with credentials', { jwks_uri: 'https://a:b@keys.example/set' }],
    ['a jwks_uri that is a list', { jwks_uri: ['https://keys.example/set'] }],
  ])('with %s is keys_unavailable, and no keys are asked for', async (_name, changes) => {
    const { asked, set } = discover('https://i.example', {
      [wellKnown]: metadata(changes),
      'https://keys.example/set': keys,
    })
    expect((await rejection(set.reload())).code).toBe('keys_unavailable')
    expect(asked).toEqual([wellKnown])
  })

  test.each([
    ['not there', undefined],
    ['no JSON', 'x'],
    ['an array', '[]'],
    [
      'with two issuers',
      '{"issuer":"https://i.example","issuer":"https://i.example","jwks_uri":"https://keys.example/set"}',
    ],
  ])('%s is keys_unavailable', async (_name, body) => {
    const { set } = discover('https://i.example', body === undefined ? {} : { [wellKnown]: body })
    expect((await rejection(set.reload())).code).toBe('keys_unavailable')
  })
})

test('an issuer with a query, a fragment or credentials is no issuer (RFC 8414 §2)', () => {
  for (const issuer of ['https://i.example?a=1', 'https://i.example#x', 'https://u:p@i.example'])
    expect(outcomeOf(() => createRemoteJwkSet({ issuer }))).toBe('option_invalid')
})
