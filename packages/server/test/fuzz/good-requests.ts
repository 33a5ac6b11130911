/** Requests that an operation is made for: whoever may call, with the body that the document describes. */
import fc from 'fast-check'
import type { Operation, Schema } from './contract.ts'
import type { FuzzRequest } from './request.ts'
import { queryValues, valueOf } from './values.ts'

type Header = readonly [string, string]

const text = (...values: readonly string[]): fc.Arbitrary<string> => fc.constantFrom(...values)

export function goodRequest(operation: Operation): fc.Arbitrary<FuzzRequest> {
  const { method, path } = operation
  return fc
    .record({
      target: fc.tuple(pathOf(path), queryOf(operation)).map(([given, query]) => `${given}${query}`),
      credential: credentialOf(operation),
      extra: extraHeaders(operation),
      body: bodyOf(operation),
      address: fc.nat({ max: 60_000 }).map((number) => `10.${number % 7}.${number >> 8}.${number & 255}`),
      isLocal: fc.boolean(),
      waitSeconds: fc.constantFrom(0, 0, 0, 0, 0, 0, 1, 1, 31, 31, 120, 700),
    })
    .map(({ target, credential, extra, body, address, isLocal, waitSeconds }) => ({
      method,
      target,
      headers: [...credential, ...extra, ...body.headers],
      body: body.text,
      address: path === '/metrics' && isLocal ? '127.0.0.1' : address,
      waitSeconds,
    }))
}

/** A path whose parameters stand for something. */
function pathOf(path: string): fc.Arbitrary<string> {
  if (!path.includes('{')) return fc.constant(path)
  const value = path.startsWith('/admin/keys')
    ? text('{{kid.next}}', '{{kid.active}}', '{{kid.gone}}', 'nothing')
    : path.startsWith('/admin/clients')
      ? text('{{billing.id}}', '{{signer.id}}', 'nothing')
      : path.includes('sessions/')
        ? text('{{ada.sid}}', '{{bo.sid}}', '{{ada.cookiesid}}', 'nothing')
        : text('{{ada.id}}', '{{bo.id}}', '{{root.id}}', '{{disabled.id}}', 'nothing')
  return value.map((name) => path.replace(/\{\w+\}/, name))
}

function queryOf({ query }: Operation): fc.Arbitrary<string> {
  if (query.length === 0) return fc.constant('')
  const parts = query.map((name) =>
    fc.option(
      (queryValues[name] ?? fc.constant('x')).map((value) => `${name}=${value}`),
      { nil: undefined },
    ),
  )
  return fc.tuple(...parts).map((found) => {
    const given = found.filter((part) => part !== undefined)
    return given.length === 0 ? '' : `?${given.join('&')}`
  })
}

const bearer = (name: string): Header => ['authorization', `Bearer {{${name}}}`]

const credentials: Readonly<Record<Operation['caller'], fc.Arbitrary<readonly Header[]>>> = {
  anybody: fc.constantFrom([], [], [['authorization', 'Basic {{billing.basic}}']] as const),
  person: fc.constantFrom(
    [bearer('ada.access')],
    [bearer('ada.access')],
    [bearer('bo.access')],
    [bearer('ada.cookieaccess')],
  ),
  client: fc.constantFrom(
    [['authorization', 'Basic {{api.basic}}']] as const,
    [['authorization', 'Basic {{billing.basic}}']] as const,
  ),
  admin: fc.constant([bearer('root.admin')]),
}

/** The one other way in: nothing, or the token of somebody else. */
const wrongCredential: fc.Arbitrary<readonly Header[]> = text(
  'ada.access',
  'root.access',
  'root.admin',
  'billing.access',
  'ada.refresh',
  'ada.access~flip',
  'ada.access~cut',
  'root.admin~longer',
  'dead.ended',
  'dead.expired',
  'dead.foreign',
  'dead.unsigned',
  'ticket',
).map((name) => [bearer(name)])

function credentialOf({ caller }: Operation): fc.Arbitrary<readonly Header[]> {
  return fc.oneof(
    { weight: 6, arbitrary: credentials[caller] },
    { weight: 1, arbitrary: wrongCredential },
    { weight: 1, arbitrary: fc.constant([]) },
  )
}

const inCookieMode: fc.Arbitrary<readonly Header[]> = fc
  .tuple(
    text('https://app.example.test', 'https://auth.example.test', 'https://evil.example.test', 'null'),
    text('cookie', 'cookie', 'cookie', 'body', ''),
    text(
      '__Host-tessera={{ada.cookie}}',
      '__Host-tessera={{ada.cookie}}',
      '__Host-tessera={{ada.refresh}}',
      'other=1',
      '__Host-tessera=a; __Host-tessera=b',
    ),
    fc.boolean(),
  )
  .map(([origin, transport, cookie, hasCookie]) => [
    ['origin', origin],
    ['tessera-transport', transport],
    ...(hasCookie ? [['cookie', cookie] as const] : []),
  ])

function extraHeaders({ path }: Operation): fc.Arbitrary<readonly Header[]> {
  const own: fc.Arbitrary<readonly Header[]>[] = [fc.constant([])]
  if (/^\/(login|signup|token|logout|password)$/.test(path)) own.push(inCookieMode)
  if (path === '/token')
    own.push(
      text('{{fresh.key}}', '0123456789abcdefghijkl', 'short').map((key) => [['idempotency-key', key]]),
    )
  if (path === '/revocations') {
    own.push(text('text/event-stream', 'application/jwt, */*').map((accept) => [['accept', accept]]))
    own.push(text('W/"1"', '*', 'x').map((tag) => [['if-none-match', tag]]))
  }
  own.push(
    text('https://app.example.test', 'https://evil.example.test', 'null').map((origin) => [
      ['origin', origin],
    ]),
  )
  own.push(
    text('Mozilla/5.0 (Windows NT 10.0) Firefox/140.0', 'x'.repeat(2000)).map((agent) => [
      ['user-agent', agent],
    ]),
  )
  return fc.oneof({ weight: 4, arbitrary: fc.constant([]) }, ...own)
}

interface Body {
  readonly headers: readonly Header[]
  readonly text: string | undefined
}

function bodyOf({ json, form, path }: Operation): fc.Arbitrary<Body> {
  const schema = json ?? form
  if (schema === undefined) return fc.constant({ headers: [], text: undefined })
  const type = json === undefined ? 'application/x-www-form-urlencoded' : 'application/json'
  return membersOf(schema, path).map((members) => ({
    headers: [['content-type', type]],
    text: json === undefined ? toForm(members) : JSON.stringify(members),
  }))
}

function membersOf(
  { properties = {}, required = [] }: Schema,
  path: string,
): fc.Arbitrary<Record<string, unknown>> {
  const members = Object.fromEntries(
    Object.entries(properties).map(([name, schema]) => [name, valueOf(schema, { path, name })]),
  )
  const isClientPart = (name: string): boolean => name.startsWith('client_')
  // Rarely all of the ways in which a client proves itself: together they are refused.
  const rare = Object.keys(members).filter((name) => isClientPart(name) && !required.includes(name))
  const common = Object.fromEntries(Object.entries(members).filter(([name]) => !rare.includes(name)))
  const few = fc.record(common, {
    requiredKeys: [...required, ...likely(path)].filter((name) => name in common),
  })
  return fc.oneof(
    { weight: 4, arbitrary: few },
    { weight: 1, arbitrary: fc.record(members, { requiredKeys: [...required] }) },
  )
}

/** What the document does not ask for, and without which little happens. */
function likely(path: string): readonly string[] {
  if (path === '/password') return ['renew']
  return path === '/logout' || path === '/token' ? ['refresh_token'] : []
}

function toForm(members: Readonly<Record<string, unknown>>): string {
  return Object.entries(members)
    .map(([name, value]) => `${name}=${withNames(encodeURIComponent(String(value)))}`)
    .join('&')
}

/** Names of tokens stay as they are: what they stand for is encoded in its turn. */
function withNames(encoded: string): string {
  return encoded.replaceAll('%7B%7B', '{{').replaceAll('%7D%7D', '}}')
}
