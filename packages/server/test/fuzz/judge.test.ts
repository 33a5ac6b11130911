/** The judge of the fuzz: that it finds each kind of fault. */
import { describe, expect, test } from 'vitest'
import { openApiText } from '../../src/routes/reference/openapi.ts'
import { issuer } from '../create-test-server.ts'
import { readContract } from './contract.ts'
import { faultOf } from './judge.ts'
import type { Observed } from './request.ts'

const contract = readContract(openApiText(issuer))
const token = 'a token that is long enough to be one'
const world = {
  admits: (_: string, authorization: string) => authorization === `Bearer ${token}`,
  secrets: () => [token],
}

const always = {
  'x-content-type-options': 'nosniff',
  'content-security-policy': "default-src 'none'",
  'x-request-id': 'a',
  'cache-control': 'no-store',
}
const problem = (status: number, code: string) => ({
  status,
  headers: { 'content-type': 'application/problem+json' },
  body: JSON.stringify({ type: `urn:tessera:error:${code}`, title: 't', status, detail: 'd', code }),
})

interface Seen {
  readonly method?: string
  readonly path?: string
  readonly status?: number
  readonly headers?: Readonly<Record<string, string | null>>
  readonly body?: string
  readonly authorization?: string
  readonly lines?: readonly Record<string, unknown>[]
  readonly sent?: string
  readonly isUnparsed?: boolean
}

const me = { sub: 'a', username: 'ada', roles: [], scope: 'account', session_id: 's' }

/** The answer to `GET /me`, with what is given in the place of what is right. */
function seen({ headers = {}, ...given }: Seen): Observed {
  const status = given.status ?? 200
  const all = Object.entries({ ...always, 'content-type': 'application/json', ...headers })
  return {
    request: { method: 'GET', target: '/me', headers: [], address: '', waitSeconds: 0 },
    method: 'GET',
    path: '/me',
    authorization: `Bearer ${token}`,
    body: JSON.stringify(me),
    lines: [{ message: 'request', status }],
    isLocal: false,
    isUnparsed: false,
    sent: '',
    ...given,
    status,
    headers: new Headers(all.filter((header): header is [string, string] => header[1] !== null)),
  }
}

test('the judge finds nothing wrong with a right answer', () => {
  expect(faultOf(seen({}), contract, world)).toBeUndefined()
  const refused = problem(401, 'token_missing')
  const headers = { ...refused.headers, 'www-authenticate': 'Bearer' }
  expect(faultOf(seen({ ...refused, headers, authorization: '' }), contract, world)).toBeUndefined()
  expect(faultOf(seen({ ...problem(404, 'not_found'), path: '/no' }), contract, world)).toBeUndefined()
})

describe('the judge finds', () => {
  test.each<readonly [string, Seen, RegExp]>([
    ['a fault of the server', problem(503, 'unavailable'), /expected no 503/],
    ['a fault in the log', { lines: [{ message: 'request failed' }] }, /the log tells/],
    ['no line in the log', { lines: [] }, /one line/],
    ['a status of no document', problem(409, 'username_taken'), /409 is not in the document/],
    ['another media type', { headers: { 'content-type': 'text/html' } }, /expected application\/json/],
    ['a member too many', { body: JSON.stringify({ ...me, more: 1 }) }, /additional properties/],
    ['a member too few', { body: '{"sub":"a"}' }, /required property/],
    ['a member of another type', { body: JSON.stringify({ ...me, roles: 'x' }) }, /must be array/],
    ['a body that is no JSON', { body: '<' }, /expected JSON/],
    ['401 without a challenge', problem(401, 'expired'), /WWW-Authenticate/],
    ['a code of no list', { ...problem(400, 'nonsense') }, /a code of the list/],
    [
      'a status that the body denies',
      { ...problem(400, 'body_invalid'), body: problem(401, 'body_invalid').body },
      /status in the body/,
    ],
    ['what caches keep', { headers: { 'cache-control': null } }, /no-store/],
    [
      'a page that is not listed',
      { headers: { 'access-control-allow-origin': 'https://evil.test' } },
      /listed page/,
    ],
    ['a page that is anybody', { headers: { 'access-control-allow-origin': '*' } }, /no page/],
    ['a cookie that nobody asked for', { headers: { 'set-cookie': '__Host-tessera=a' } }, /no cookie/],
    ['a redirection', { headers: { location: '/' } }, /redirection/],
    ['a door that is open', { authorization: 'Bearer another' }, /expected a person/],
    ['another method without Allow', { ...problem(405, 'method_not_allowed'), method: 'PUT' }, /Allow/],
    ['a path that is none', { path: '/nothing' }, /expected 404/],
    ['a secret in the log', { lines: [{ message: 'request', status: 200, at: token }] }, /in the log/],
    [
      'a secret that comes back',
      { body: JSON.stringify({ ...me, sub: token }), sent: token },
      /in the answer/,
    ],
    ['a body after HEAD', { isUnparsed: true, method: 'HEAD', status: 400 }, /no body after HEAD/],
    ['a hash', { body: JSON.stringify({ ...me, sub: '$argon2id$v=19' }) }, /a hash/],
  ])('%s', (_, answer, fault) => {
    expect(faultOf(seen(answer), contract, world)).toMatch(fault)
  })
})
