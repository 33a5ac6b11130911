import { ClientError, createClient, type ClientOptions, webStorage } from '@tessera/client'
import { describe, expect, test } from 'vitest'
import { createFixture, errorOf } from './fixture.ts'

const issuer = 'https://id.example'

function refusal(options: unknown): unknown {
  try {
    createClient(options as ClientOptions)
  } catch (error) {
    return error
  }
  throw new Error('expected a refusal')
}

describe('createClient refuses', () => {
  test.each([
    ['no options', undefined, 'an object of options'],
    ['no issuer', {}, 'issuer: expected an address'],
    ['a lost issuer', { issuer: undefined }, 'is the variable set?'],
    ['an issuer that is no address', { issuer: 'id.example' }, 'a whole address'],
    ['plain http', { issuer: 'http://id.example' }, 'expected https'],
    ['an issuer with a query', { issuer: `${issuer}/?a=b` }, 'without user name, query and fragment'],
    ['a misspelt option', { issuer, orgins: [] }, 'did you mean "origins"?'],
    ['a lost option', { issuer, origins: undefined }, 'expected a value for "origins"'],
    ['origins as text', { issuer, origins: 'https://a.example' }, 'a list of origins'],
    [
      'an origin with a path',
      { issuer, origins: ['https://a.example/api'] },
      'exact origin such as "https://a.example"',
    ],
    ['an origin with a slash', { issuer, origins: ['https://a.example/'] }, 'exact origin'],
    ['a wildcard', { issuer, origins: ['*'] }, 'a whole address'],
    ['a wildcard for subdomains', { issuer, origins: ['https://*.example/'] }, 'exact origin'],
    ['an origin over plain http', { issuer, origins: ['http://a.example'] }, 'expected https'],
    ['two resources', { issuer, resource: 'https://a.example https://b.example' }, 'the name of one API'],
    ['a list of resources', { issuer, resource: ['https://a.example', ''] }, 'the name of one API'],
    ['an empty resource', { issuer, resource: '' }, 'the name of one API'],
    ['a lost resource', { issuer, resource: undefined }, 'is the variable set?'],
    ['scopes with a comma and a quote', { issuer, scope: 'a, "b"' }, 'words of visible ASCII'],
    ['an empty scope', { issuer, scope: '' }, 'words of visible ASCII'],
    ['scopes as a list', { issuer, scope: ['a', 'b c"'] }, 'words of visible ASCII'],
    ['a storage without methods', { issuer, storage: {} }, 'read is missing'],
    ['localStorage itself', { issuer, storage: { getItem() {}, setItem() {} } }, 'read is missing'],
    ['a fetch that is none', { issuer, fetch: 'node' }, 'fetch: expected a function'],
    ['a clock that is none', { issuer, clock: Date.now }, 'monotonicMs is missing'],
    ['locks that are none', { issuer, locks: {} }, 'request is missing'],
    ['a random that is a number', { issuer, random: 0.5 }, 'random: expected a function'],
  ])('%s', (_, options, words) => {
    expect(refusal(options)).toMatchObject({
      code: 'option_invalid',
      message: expect.stringContaining(words),
    })
  })

  test('what the types refuse as well', () => {
    // @ts-expect-error an unknown name
    expect(() => createClient({ issuer, orgins: [] })).toThrow(ClientError)
    // @ts-expect-error a lost value
    expect(() => createClient({ issuer, origins: undefined })).toThrow(ClientError)
    // @ts-expect-error no issuer
    expect(() => createClient({})).toThrow(ClientError)
  })
})

test.each([
  issuer,
  `${issuer}/`,
  `${issuer}/auth`,
  'http://127.0.0.1:4480',
  'http://localhost:4480',
  'http://[::1]:4480',
  'http://id.localhost',
  new URL(issuer),
])('createClient takes the issuer %s', async (address) => {
  const { client, issuer: fake } = createFixture({ issuer: address })
  await errorOf(client.login({ username: 'a', password: 'b' }))
  expect(fake.seen[0]?.url).toBe(`${String(address).replace(/\/$/, '')}/login`)
})

describe('webStorage refuses', () => {
  test.each([[undefined], [null], [{}]])('%j in the place of a storage', (storage) => {
    expect(() => webStorage(storage as never)).toThrow(ClientError)
  })

  test('an unknown option', () => {
    const storage = { getItem() {} } as unknown as Storage
    expect(() => webStorage(storage, { keys: 'x' } as never)).toThrow('did you mean "key"?')
  })
})
