/** Values for the members of bodies and queries: right ones by what a member is called, and odd ones. */
import fc from 'fast-check'
import { issuer } from '../create-test-server.ts'
import type { Schema } from './contract.ts'

const text = (...values: readonly string[]): fc.Arbitrary<string> => fc.constantFrom(...values)

const names = text('{{fresh.name}}', '{{ada.name}}', '{{bo.name}}', '{{root.name}}', 'Åsa Ødegård', 'nobody')
const passwords = text(
  '{{ada.password}}',
  '{{ada.password}}',
  '{{fresh.password}}',
  'short',
  'password1234567890',
)
const scopes = text('account', 'admin', 'account admin', 'orders:read', 'introspect', '')
const someTokens = text(
  '{{ada.access}}',
  '{{ada.refresh}}',
  '{{ada.older}}',
  '{{bo.access}}',
  '{{root.admin}}',
  '{{billing.access}}',
  '{{ada.access~flip}}',
  '{{ada.refresh~flip}}',
  '{{ada.refresh~cut}}',
  '{{dead.ended}}',
  '{{dead.expired}}',
  '{{ticket}}',
)

/** By the name of a member: what makes a request of it that gets far. */
const byName: Readonly<Record<string, fc.Arbitrary<unknown>>> = {
  username: names,
  password: passwords,
  current_password: text(
    '{{ada.password}}',
    '{{ada.password}}',
    '{{ada.password}}',
    '{{ada.password}}',
    '{{bo.password}}',
    'wrong',
    '{{ada.password~upper}}',
  ),
  new_password: text(
    '{{fresh.password}}',
    '{{fresh.password}}',
    '{{fresh.password}}',
    '{{fresh.password}}',
    'short',
    'password1234567890',
    '{{ada.name}}',
  ),
  renew: fc.boolean(),
  email: text('ada@example.test', 'a@b', 'nothing', 'two@at@signs'),
  scope: scopes,
  token: someTokens,
  refresh_token: text(
    '{{ada.refresh}}',
    '{{ada.refresh}}',
    '{{ada.older}}',
    '{{bo.refresh}}',
    '{{ada.refresh~flip}}',
  ),
  token_type_hint: text('access_token', 'refresh_token', 'other'),
  resource: text(issuer, `${issuer}/admin`, 'https://api.example.test', 'https://other.example.test'),
  audience: text(issuer, `${issuer}/admin`, 'https://other.example.test'),
  path: text('/live', '/other'),
  ticket: text('{{ticket}}', '{{ticket}}', '{{ticket~flip}}', '{{ada.access}}', 'tk_x'),
  client_id: text('{{billing.id}}', '{{signer.id}}', 'tessera', '{{fresh.name}}', 'nobody'),
  client_secret: text('{{billing.secret}}', '{{billing.secret~flip}}', 'wrong'),
  client_assertion: text('{{signer.assertion}}', '{{signer.assertion~flip}}', '{{ada.access}}'),
  client_assertion_type: text('urn:ietf:params:oauth:client-assertion-type:jwt-bearer', 'other'),
  roles: fc.array(text('reader', 'writer', ''), { maxLength: 3 }),
  audiences: fc.array(text(issuer, 'https://api.example.test', ''), { maxLength: 3 }),
  name: text('Billing', '', '결제'),
  jwks: fc.constantFrom(
    { keys: [] },
    {
      keys: [
        {
          kty: 'EC',
          crv: 'P-256',
          x: 'f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU',
          y: 'x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0',
          alg: 'ES256',
        },
      ],
    },
    { keys: [{ kty: 'oct', k: 'AAAA' }] },
    { keys: [{ kty: 'EC', crv: 'P-256', x: 'AA', y: 'AA' }] },
  ),
}

/** Where a name alone does not tell what is right. */
const byPathAndName: Readonly<Record<string, fc.Arbitrary<unknown>>> = {
  '/login username': text('{{ada.name}}', '{{ada.name}}', '{{ada.name}}', '{{bo.name}}', 'nobody'),
  '/login scope': text('', 'account', 'account', 'admin', 'orders:read'),
  '/signup username': text(
    '{{fresh.name}}',
    '{{fresh.name}}',
    '{{fresh.name}}',
    '{{ada.name}}',
    'ﬁ',
    'Åsa Ødegård',
  ),
  '/signup password': text('{{fresh.password}}', '{{fresh.password}}', 'short', 'password1234567890'),
  '/admin/users password': text('{{fresh.password}}', '{{fresh.password}}', 'short'),
  '/token scope': text('', 'account', 'account', 'orders:read'),
  '/token resource': text(issuer, issuer, issuer, `${issuer}/admin`, 'https://other.example.test'),
  '/login resource': text(issuer, issuer, issuer, `${issuer}/admin`, 'https://other.example.test'),
  '/ticket audience': text(issuer, issuer, 'https://other.example.test'),
  '/ticket scope': text('', 'account', 'account', 'admin'),
  '/admin/clients client_id': text(
    '{{fresh.name}}',
    '{{fresh.name}}',
    '{{billing.id}}',
    'tessera',
    'two words',
  ),
  '/password/reset token': text(
    '{{message.reset}}',
    '{{message.reset}}',
    '{{message.verify}}',
    '{{message.reset~flip}}',
    'ot_x',
  ),
  '/email/verify token': text('{{message.verify}}', '{{message.verify}}', '{{message.reset}}', 'ot_x'),
}

/** A value of a schema, right or nearly so. */
export function valueOf(
  schema: Schema,
  place: { readonly path: string; readonly name: string },
): fc.Arbitrary<unknown> {
  const known = byPathAndName[`${place.path} ${place.name}`] ?? byName[place.name]
  if (schema.enum !== undefined) return fc.constantFrom(...schema.enum)
  if (known !== undefined) return known
  if (schema.type === 'boolean') return fc.boolean()
  if (schema.type === 'array')
    return fc.array(valueOf(schema.items ?? {}, { ...place, name: '' }), { maxLength: 3 })
  return fc.string({ maxLength: 40 })
}

/** Texts that break what reads them carelessly. */
export const oddText: fc.Arbitrary<string> = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 60 }),
  fc.constantFrom(
    '',
    ' ',
    '\0',
    'a\0b',
    '\ud800',
    '\udc00x',
    '\u202eabc',
    '\ufeff',
    'ﬁ',
    'İ',
    '\u0301',
    "' or 1=1 --",
    '%',
    '_',
    '../../etc/passwd',
    '<script>',
    '${7*7}',
    '__proto__',
    'constructor',
    'null',
    'NaN',
    '1e999',
    '-0',
    'x'.repeat(300),
    'x'.repeat(5000),
    '\u{1f600}'.repeat(200),
    '{{dead.ended}}',
    '{{ada.access}}',
    '{{ada.refresh}}',
  ),
)

/** Any JSON value. */
export const oddValue: fc.Arbitrary<unknown> = fc.oneof(
  oddText,
  fc.jsonValue({ maxDepth: 3 }),
  fc.constantFrom(null, true, 0, -1, 1.5, 2 ** 53, 1e308, [], {}, [[]], { a: { b: {} } }, ['a'], {
    length: 3,
  }),
)

/** Values of query parameters that wait for nothing. */
export const queryValues: Readonly<Record<string, fc.Arbitrary<string>>> = {
  limit: text('1', '2', '500', '501', '0', '-1', '1.5', '01', '1e2', ''),
  after: text('a', '1', '-1', '999999999999999', 'zzz', '%00', '{{ada.name}}'),
  user_id: text('{{ada.id}}', 'nobody', ''),
  since: text('', '0', '1', '1.0', 'x.1', '-1', '99999999999999999999', 'x'.repeat(129)),
  wait: text('0', '00', '26', '99', '-1', '1.5', '', 'x'),
}
