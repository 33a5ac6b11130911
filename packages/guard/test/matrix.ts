/**
 * The behaviour table: what a guard answers to each request, in every framework alike (RFC 6750, RFC 8725, RFC 9068).
 * A row without a guard goes to `plain`: an issuer's tokens for one audience, keys from its JWK Set.
 */
import { signWith, signWithSecret, unsigned } from './issuer.ts'
import type { Question } from './targets.ts'
import { audience, now, sharedSecret } from './world.ts'
import type { World } from './world.ts'

export interface Row {
  readonly title: string
  /** Which of the guards of the world is asked. Default `plain`. */
  readonly guard?: string
  /** The world's state before the request. */
  readonly before?: (world: World) => void
  /** A token to send as `Bearer <token>`, or the request itself. */
  readonly token?: (world: World) => string
  readonly ask?: (world: World) => Omit<Question, 'path'> & { readonly query?: string }
  /** 200, or the code of the refusal. */
  readonly gives: 200 | string
  /** `WWW-Authenticate`, where it is not the usual one of the code. */
  readonly challenge?: string
}

const bearer = (value: string): { authorization: string[] } => ({ authorization: [value] })

const accepted: readonly Row[] = [
  { title: 'a valid at+jwt', token: (w) => w.token(), gives: 200 },
  { title: 'typ application/at+jwt', token: (w) => w.token({}, { typ: 'application/at+jwt' }), gives: 200 },
  { title: 'typ in other case', token: (w) => w.token({}, { typ: 'AT+JWT' }), gives: 200 },
  {
    title: 'a list of audiences that names this one',
    token: (w) => w.token({ aud: ['x', audience] }),
    gives: 200,
  },
  { title: 'iat three seconds ahead', token: (w) => w.token({ iat: now + 3 }), gives: 200 },
  { title: 'one second before exp', token: (w) => w.token({ exp: now + 1 }), gives: 200 },
  { title: 'nbf at this second', token: (w) => w.token({ nbf: now }), gives: 200 },
  { title: 'a POST', ask: (w) => ({ method: 'POST', ...bearer(`Bearer ${w.token()}`) }), gives: 200 },
  { title: 'the second key of the set', token: (w) => w.tokenOf(w.nextKey), gives: 200 },
]

const syntax: readonly Row[] = [
  { title: 'no credentials', ask: () => ({}), gives: 'token_missing' },
  { title: 'an empty header', ask: () => bearer(''), gives: 'token_missing' },
  { title: 'Basic credentials', ask: () => bearer('Basic YWJj'), gives: 'token_missing' },
  { title: 'a token without its scheme', ask: (w) => bearer(w.token()), gives: 'token_missing' },
  { title: 'the scheme of another word', ask: (w) => bearer(`Token ${w.token()}`), gives: 'token_missing' },
  { title: 'the scheme in lower case', ask: (w) => bearer(`bearer ${w.token()}`), gives: 200 },
  { title: 'the scheme in upper case', ask: (w) => bearer(`BEARER ${w.token()}`), gives: 200 },
  { title: 'two spaces before the token', ask: (w) => bearer(`Bearer  ${w.token()}`), gives: 200 },
  { title: 'a space after the token', ask: (w) => bearer(`Bearer ${w.token()} `), gives: 200 },
  { title: 'a tab before the token', ask: (w) => bearer(`Bearer\t${w.token()}`), gives: 'request_invalid' },
  { title: 'the scheme without a token', ask: () => bearer('Bearer'), gives: 'request_invalid' },
  { title: 'a token and more', ask: (w) => bearer(`Bearer ${w.token()} x`), gives: 'request_invalid' },
  { title: 'a quoted token', ask: (w) => bearer(`Bearer "${w.token()}"`), gives: 'request_invalid' },
  { title: 'a character outside ASCII', ask: () => bearer('Bearer caf\u00e9'), gives: 'request_invalid' },
  {
    title: 'two headers with the same token',
    ask: (w) => ({ authorization: [`Bearer ${w.token()}`, `Bearer ${w.token()}`] }),
    gives: 'request_invalid',
  },
  {
    title: 'two headers, the good token first',
    ask: (w) => ({ authorization: [`Bearer ${w.token()}`, 'Bearer other'] }),
    gives: 'request_invalid',
  },
  {
    title: 'two headers, Basic first',
    ask: (w) => ({ authorization: ['Basic YWJj', `Bearer ${w.token()}`] }),
    gives: 'request_invalid',
  },
  {
    title: 'two headers of Basic',
    ask: () => ({ authorization: ['Basic YWJj', 'Basic YWJj'] }),
    gives: 'request_invalid',
  },
  {
    title: 'two tokens joined by a comma',
    ask: (w) => bearer(`Bearer ${w.token()}, Bearer ${w.token()}`),
    gives: 'request_invalid',
  },
  {
    title: 'a token in the query alone',
    ask: (w) => ({ query: `access_token=${w.token()}` }),
    gives: 'token_missing',
  },
  {
    title: 'a token in a form alone',
    ask: (w) => ({ method: 'POST', form: `access_token=${w.token()}` }),
    gives: 'token_missing',
  },
  {
    title: 'a token in the header and another in the query, which is ignored',
    ask: (w) => ({ ...bearer(`Bearer ${w.token()}`), query: 'access_token=other' }),
    gives: 200,
  },
]

const shapes: readonly Row[] = [
  { title: 'garbage', token: () => 'garbage', gives: 'malformed' },
  { title: 'every other character of a token68', token: () => 'a-._~+/=', gives: 'malformed' },
  { title: 'three parts of garbage', token: () => 'a.b.c', gives: 'malformed' },
  {
    title: 'an encrypted token',
    token: () => 'eyJhbGciOiJkaXIiLCJlbmMiOiJBMjU2R0NNIn0..aaaa.bbbb.cccc',
    gives: 'malformed',
  },
  { title: 'a padded signature', token: (w) => `${w.token()}==`, gives: 'malformed' },
  {
    title: 'a member twice in the claims',
    token: (w) => signWith(w.key.privateKey, w.header(), `{"sub":"alice","sub":"bob","exp":${now + 60}}`),
    gives: 'malformed',
  },
  {
    title: 'claims that are a list',
    token: (w) => signWith(w.key.privateKey, w.header(), []),
    gives: 'malformed',
  },
  { title: 'a token of 20 KB', token: (w) => w.token({ pad: 'x'.repeat(20_000) }), gives: 'too_large' },
  { title: 'a header of 100 KB', ask: () => bearer(`Bearer ${'a'.repeat(100_000)}`), gives: 'too_large' },
]

const signatures: readonly Row[] = [
  {
    title: 'alg none',
    token: (w) => unsigned({ ...w.header(), alg: 'none' }, w.claims()),
    gives: 'alg_not_allowed',
  },
  {
    title: 'alg nOnE',
    token: (w) => unsigned({ ...w.header(), alg: 'nOnE' }, w.claims()),
    gives: 'alg_not_allowed',
  },
  {
    title: 'an algorithm nobody knows',
    token: (w) => w.token({}, { alg: 'ES999' }),
    gives: 'alg_not_allowed',
  },
  {
    title: 'HS256 with the public key as secret',
    guard: 'public-key',
    token: (w) => {
      const pem = w.key.publicKey.export({ type: 'spki', format: 'pem' }) as string
      return signWithSecret(pem, { ...w.header(), alg: 'HS256' }, w.claims())
    },
    gives: 'alg_not_allowed',
  },
  {
    title: 'a valid token under a single public key',
    guard: 'public-key',
    token: (w) => w.token(),
    gives: 200,
  },
  {
    title: 'a changed signature',
    token: (w) => w.token().replace(/.(?=.{20}$)/, (found) => (found === 'A' ? 'B' : 'A')),
    gives: 'bad_signature',
  },
  {
    title: 'changed claims under the old signature',
    token: (w) => {
      const [header, , signature] = w.token().split('.')
      const [, claims] = w.token({ sub: 'mallory' }).split('.')
      return `${header}.${claims}.${signature}`
    },
    gives: 'bad_signature',
  },
  {
    title: "a stranger's signature under a known kid",
    token: (w) => signWith(w.stranger.privateKey, w.header(), w.claims()),
    gives: 'bad_signature',
  },
  {
    title: "a stranger's key inside the header",
    token: (w) => signWith(w.stranger.privateKey, { ...w.header(), jwk: w.stranger.jwk }, w.claims()),
    gives: 'bad_signature',
  },
  { title: 'an unknown crit', token: (w) => w.token({}, { crit: ['x'], x: 1 }), gives: 'crit_unsupported' },
  { title: 'a kid that is a number', token: (w) => w.token({}, { kid: 5 }), gives: 'malformed' },
]

const claims: readonly Row[] = [
  { title: 'expired ten seconds ago', token: (w) => w.token({ exp: now - 10 }), gives: 'expired' },
  { title: 'expired at this second', token: (w) => w.token({ exp: now }), gives: 'expired' },
  {
    title: 'expired ten seconds ago, where the clock may be 30 off',
    guard: 'tolerant',
    token: (w) => w.token({ exp: now - 10 }),
    gives: 200,
  },
  { title: 'no exp', token: (w) => w.token({ exp: undefined }), gives: 'claim_missing' },
  { title: 'exp as text', token: (w) => w.token({ exp: String(now + 60) }), gives: 'claim_invalid' },
  { title: 'nbf ahead', token: (w) => w.token({ nbf: now + 30 }), gives: 'not_yet_valid' },
  { title: 'iat two minutes ahead', token: (w) => w.token({ iat: now + 120 }), gives: 'not_yet_valid' },
  { title: 'no iss', token: (w) => w.token({ iss: undefined }), gives: 'claim_missing' },
  { title: 'another issuer', token: (w) => w.token({ iss: 'https://evil.example' }), gives: 'claim_invalid' },
  {
    title: 'the issuer with a slash more',
    token: (w) => w.token({ iss: `${w.issuer.url}/` }),
    gives: 'claim_invalid',
  },
  { title: 'the issuer in a list', token: (w) => w.token({ iss: [w.issuer.url] }), gives: 'claim_invalid' },
  { title: 'no aud', token: (w) => w.token({ aud: undefined }), gives: 'claim_missing' },
  {
    title: 'another audience',
    token: (w) => w.token({ aud: 'https://other.example' }),
    gives: 'claim_invalid',
  },
  {
    title: 'an audience that begins alike',
    token: (w) => w.token({ aud: `${audience}/admin` }),
    gives: 'claim_invalid',
  },
  { title: 'a list of other audiences', token: (w) => w.token({ aud: ['a', 'b'] }), gives: 'claim_invalid' },
  { title: 'an empty list of audiences', token: (w) => w.token({ aud: [] }), gives: 'claim_invalid' },
  { title: 'an ID token (typ JWT)', token: (w) => w.token({}, { typ: 'JWT' }), gives: 'typ_mismatch' },
  { title: 'no typ', token: (w) => w.token({}, { typ: undefined }), gives: 'typ_mismatch' },
  { title: 'a proof (typ dpop+jwt)', token: (w) => w.token({}, { typ: 'dpop+jwt' }), gives: 'typ_mismatch' },
  { title: 'typ JWT, waived', guard: 'any-typ', token: (w) => w.token({}, { typ: 'JWT' }), gives: 200 },
  {
    title: 'a required claim that is absent',
    guard: 'needs-jti',
    token: (w) => w.token({ jti: undefined }),
    gives: 'claim_missing',
  },
  {
    title: 'a token older than allowed',
    guard: 'recent',
    token: (w) => w.token({ iat: now - 100 }),
    gives: 'too_old',
  },
]

const both = 'Bearer error="insufficient_scope", scope="orders:read orders:write"'

const privileges: readonly Row[] = [
  {
    title: 'both scopes',
    guard: 'scoped',
    token: (w) => w.token({ scope: 'orders:write x orders:read' }),
    gives: 200,
  },
  {
    title: 'one scope of two',
    guard: 'scoped',
    token: (w) => w.token({ scope: 'orders:read' }),
    gives: 'insufficient_scope',
    challenge: both,
  },
  {
    title: 'no scope at all',
    guard: 'scoped',
    token: (w) => w.token({ scope: undefined }),
    gives: 'insufficient_scope',
    challenge: both,
  },
  {
    title: 'an expired token without the scope',
    guard: 'scoped',
    token: (w) => w.token({ exp: now - 10 }),
    gives: 'expired',
  },
  { title: 'the role', guard: 'role', token: (w) => w.token({ roles: ['admin'] }), gives: 200 },
  {
    title: 'another role',
    guard: 'role',
    token: (w) => w.token({ roles: ['reader'] }),
    gives: 'insufficient_scope',
    challenge: 'Bearer error="insufficient_scope"',
  },
  {
    title: 'no credentials in a realm',
    guard: 'realm',
    ask: () => ({}),
    gives: 'token_missing',
    challenge: String.raw`Bearer realm="the \"shop\""`,
  },
  {
    title: 'garbage in a realm',
    guard: 'realm',
    token: () => 'garbage',
    gives: 'malformed',
    challenge: String.raw`Bearer realm="the \"shop\"", error="invalid_token"`,
  },
]

const revocations: readonly Row[] = [
  {
    title: 'a session in force',
    guard: 'revocable',
    token: (w) => w.token({ sid: 's1', sv: 2 }),
    gives: 200,
  },
  {
    title: 'an ended session',
    guard: 'revocable',
    before: (w) => w.revoked.add({ sid: 's1', exp: now + 600 }),
    token: (w) => w.token({ sid: 's1', sv: 2 }),
    gives: 'revoked',
  },
  {
    title: 'P11 an older version of a session',
    guard: 'revocable',
    before: (w) => w.revoked.add({ sid: 's2', sv: 3, exp: now + 600 }),
    token: (w) => w.token({ sid: 's2', sv: 2 }),
    gives: 'revoked',
  },
  {
    title: 'P11 the new version of a session',
    guard: 'revocable',
    token: (w) => w.token({ sid: 's2', sv: 3 }),
    gives: 200,
  },
  {
    title: 'a revoked token',
    guard: 'revocable',
    before: (w) => w.revoked.add({ jti: 'j9', exp: now + 600 }),
    token: (w) => w.token({ jti: 'j9' }),
    gives: 'revoked',
  },
  {
    title: 'P18 a token of a revoked key that is still published',
    guard: 'revocable',
    before: (w) => w.revoked.add({ kid: w.nextKey.kid }),
    token: (w) => w.tokenOf(w.nextKey),
    gives: 'revoked',
  },
  {
    title: 'an expired token of an ended session',
    guard: 'revocable',
    token: (w) => w.token({ sid: 's1', exp: now - 1 }),
    gives: 'expired',
  },
  { title: 'P12 a stale list, closed', guard: 'stale-closed', token: (w) => w.token(), gives: 'unavailable' },
  { title: 'P12 a stale list, by default', guard: 'stale', token: (w) => w.token(), gives: 'unavailable' },
  { title: 'P12 a stale list, open', guard: 'stale-open', token: (w) => w.token(), gives: 200 },
  {
    title: 'a stale list that knows the token, open',
    guard: 'stale-open',
    token: (w) => w.token({ sid: 'gone' }),
    gives: 'revoked',
  },
  { title: 'garbage under a stale list', guard: 'stale-closed', token: () => 'garbage', gives: 'malformed' },
  { title: 'a list that throws', guard: 'broken-list', token: (w) => w.token(), gives: 'unavailable' },
]

const keys: readonly Row[] = [
  {
    title: 'an unknown kid, the issuer up',
    guard: 'fresh',
    token: (w) => w.tokenOf(w.stranger),
    gives: 'key_not_found',
  },
  {
    title: 'a kid that is a path',
    guard: 'local',
    token: (w) => w.token({}, { kid: '../../../dev/null' }),
    gives: 'key_not_found',
  },
  {
    title: 'a kid that is a name of Object.prototype',
    guard: 'local',
    token: (w) => w.token({}, { kid: '__proto__' }),
    gives: 'key_not_found',
  },
  {
    title: 'the issuer down at the first request',
    guard: 'outage',
    before: (w) => (w.outage.mood = 'down'),
    token: (w) => w.outageToken(),
    gives: 'keys_unavailable',
  },
  {
    title: 'the issuer answers garbage',
    guard: 'outage',
    before: (w) => (w.outage.mood = 'garbage'),
    token: (w) => w.outageToken(),
    gives: 'keys_unavailable',
  },
  { title: 'garbage while the issuer is down', guard: 'outage', token: () => 'garbage', gives: 'malformed' },
  {
    title: 'no credentials while the issuer is down',
    guard: 'outage',
    ask: () => ({}),
    gives: 'token_missing',
  },
  {
    title: 'the issuer back again',
    guard: 'outage',
    before: (w) => (w.outage.mood = 'up'),
    token: (w) => w.outageToken(),
    gives: 200,
  },
  {
    title: 'a known kid, the issuer down again',
    guard: 'outage',
    before: (w) => (w.outage.mood = 'down'),
    token: (w) => w.outageToken(),
    gives: 200,
  },
  {
    title: 'an unknown kid, the issuer down',
    guard: 'outage',
    token: (w) => w.outageToken(w.stranger),
    gives: 'keys_unavailable',
  },
  {
    title: 'nobody listens where the keys should be',
    guard: 'nobody',
    token: (w) => w.token(),
    gives: 'keys_unavailable',
  },
  {
    title: 'a key set that throws a TypeError',
    guard: 'throws',
    token: (w) => w.token(),
    gives: 'keys_unavailable',
  },
  {
    title: 'a key set that finds a broken key',
    guard: 'throws-key-invalid',
    token: (w) => w.token(),
    gives: 'keys_unavailable',
  },
  {
    title: 'a key set that knows no such key',
    guard: 'throws-not-found',
    token: (w) => w.token(),
    gives: 'key_not_found',
  },
]

const shared: readonly Row[] = [
  { title: 'a shared secret', guard: 'secret', token: (w) => w.secretToken(sharedSecret), gives: 200 },
  {
    title: 'another shared secret',
    guard: 'secret',
    token: (w) => w.secretToken('x'.repeat(32)),
    gives: 'bad_signature',
  },
  {
    title: 'a public-key token where a secret is shared',
    guard: 'secret',
    token: (w) => w.token({}, { typ: 'JWT' }),
    gives: 'alg_not_allowed',
  },
]

export const rows: readonly Row[] = [
  ...accepted,
  ...syntax,
  ...shapes,
  ...signatures,
  ...claims,
  ...privileges,
  ...revocations,
  ...keys,
  ...shared,
]
