/** What is wrong with an answer: by the document, by the standards, and by what must never be told. */
import { tokenErrorCodes } from '@tessera/jose'
import { requestErrorCodes } from '@tessera/guard'
import type { Contract, Operation } from './contract.ts'
import type { Observed } from './request.ts'
import type { World } from './world.ts'

const codes: ReadonlySet<string> = new Set([...requestErrorCodes, ...tokenErrorCodes])
const pages: ReadonlySet<string> = new Set(['https://app.example.test'])

/** Documents that caches may keep. */
const cacheable: ReadonlySet<string> = new Set([
  '/.well-known/jwks.json',
  '/.well-known/oauth-authorization-server',
  '/revocations/jwks.json',
  '/openapi.json',
  '/docs',
])

type Rule = (seen: Observed, context: Context) => string | undefined

interface Context {
  readonly contract: Contract
  readonly world: Pick<World, 'admits' | 'secrets'>
  readonly operation: Operation | 'wrong_method' | undefined
}

/** The first fault of an answer, or undefined. */
export function faultOf(seen: Observed, contract: Contract, world: Context['world']): string | undefined {
  if (seen.isUnparsed) return unparsedFault(seen, contract)
  const context = { contract, world, operation: contract.find(seen.method, seen.path) }
  for (const rule of rules) {
    const fault = rule(seen, context)
    if (fault !== undefined) return fault
  }
  return undefined
}

/** What is no request for the parser of HTTP never comes to the server's own function. */
function unparsedFault({ method, status, headers, body }: Observed, contract: Contract): string | undefined {
  if (![400, 408, 431].includes(status)) return `expected what the parser refuses to be 400, got ${status}`
  if (method === 'HEAD') return body === '' ? undefined : 'expected no body after HEAD'
  return contract.problemFault(headers.get('content-type') ?? undefined, body, false)
}

/** What the log may tell beside the requests: a replay that ended a session is a warning, and no fault. */
const warnings: ReadonlySet<unknown> = new Set(['request', 'a refresh ended its session'])

const isServerAble: Rule = ({ status, lines }) => {
  const failed = lines.find(({ message }) => !warnings.has(message))
  if (failed !== undefined) return `the log tells of a fault: ${JSON.stringify(failed)}`
  return status >= 500 ? `expected no ${status}` : undefined
}

const isLoggedOnce: Rule = ({ status, lines }) => {
  const own = lines.filter(({ message }) => message === 'request')
  if (own.length !== 1) return `expected one line in the log, got ${own.length}`
  return own[0]?.['status'] === status ? undefined : 'the log tells of another status'
}

const meetsDocument: Rule = (seen, { contract, operation }) => {
  const { method, path, status, body, headers } = seen
  const type = headers.get('content-type')?.split(';')[0]
  const isOAuth = contract.isOAuth(path)
  if (method === 'HEAD' && body !== '') return 'expected no body after HEAD'
  if (operation === undefined) {
    if (status !== 404) return `expected 404 where there is no path, got ${status}`
    return method === 'HEAD' ? undefined : contract.problemFault(type, body, false)
  }
  if (operation === 'wrong_method') {
    if (method === 'OPTIONS' && status === 204) return preflightFault(seen)
    if (status !== 405) return `expected 405, got ${status}`
    if (!headers.get('allow')) return 'expected Allow beside 405'
    return method === 'HEAD' ? undefined : contract.problemFault(type, body, isOAuth)
  }
  if (status === 204 || status === 304 || method === 'HEAD') {
    return operation.good.includes(status) || operation.errors.includes(status)
      ? undefined
      : `status ${status} is not in the document`
  }
  return operation.bodyFault(status, type, body)
}

function preflightFault({ headers, body }: Observed): string | undefined {
  if (body !== '') return 'expected no body after a preflight'
  return headers.get('access-control-allow-methods') ? undefined : 'expected the methods of the path'
}

const errorsSayWhy: Rule = ({ method, status, headers, body }) => {
  if (status < 400 || method === 'HEAD') return undefined
  const { code, status: said, type, error_description: detail } = JSON.parse(body) as Record<string, unknown>
  if (!codes.has(String(code))) return `expected a code of the list, got ${String(code)}`
  if (said !== undefined && said !== status)
    return `expected the status in the body, got ${JSON.stringify(said)}`
  if (type !== undefined && type !== `urn:tessera:error:${String(code)}`)
    return 'expected the type of the code'
  // RFC 6749 §5.2.
  if (typeof detail === 'string' && !/^[\x20\x21\x23-\x5b\x5d-\x7e]+$/.test(detail))
    return 'expected ASCII in error_description'
  return headers.get('cache-control') === 'no-store' ? undefined : 'expected an error that no cache keeps'
}

const challenges = /^(Bearer|Basic)( [a-z]+="[^"\\]*"(, [a-zA-Z]+="[^"\\]*")*)?$/

const headersByStatus: Rule = ({ status, headers }) => {
  if (status === 401 && !challenges.test(headers.get('www-authenticate') ?? ''))
    return 'expected WWW-Authenticate beside 401'
  if (status === 429 && !/^[1-9]\d{0,4}$/.test(headers.get('retry-after') ?? ''))
    return 'expected Retry-After beside 429'
  return headers.has('location') ? 'expected no redirection' : undefined
}

const headersOfAll: Rule = ({ path, method, status, headers, body }) => {
  if (headers.get('x-content-type-options') !== 'nosniff') return 'expected nosniff'
  if (!headers.get('content-security-policy')?.startsWith("default-src 'none'"))
    return "expected a policy of default-src 'none'"
  if (!headers.has('x-request-id')) return 'expected X-Request-Id'
  const isPreflight = method === 'OPTIONS' && status === 204
  const isStored = cacheable.has(path) && (status === 200 || status === 304)
  if (!isStored && !isPreflight && !headers.get('cache-control')?.includes('no-store'))
    return 'expected Cache-Control: no-store'
  const holdsToken = /"(access_token|refresh_token|ticket|client_secret)":"/.test(body)
  return holdsToken && headers.get('cache-control') !== 'no-store'
    ? 'expected tokens that no cache keeps'
    : undefined
}

const originsAreListed: Rule = ({ path, headers }) => {
  const allowed = headers.get('access-control-allow-origin')
  if (allowed === null) return undefined
  const isPublic = cacheable.has(path) || path === '/revocations'
  if (allowed === '*')
    return isPublic && !headers.has('access-control-allow-credentials')
      ? undefined
      : 'expected no page to be let in'
  return pages.has(allowed) ? undefined : `expected a listed page, got ${allowed}`
}

const cookiesAreClosed: Rule = ({ request, headers }) => {
  const cookie = headers.get('set-cookie')
  if (cookie === null) return undefined
  const isAsked = request.headers.some(([name, value]) => name === 'tessera-transport' && value === 'cookie')
  if (!isAsked) return 'expected no cookie where none was asked for'
  return /^__Host-tessera=[\w.-]*; Path=\/; Secure; HttpOnly; SameSite=Strict; Max-Age=\d+$/.test(cookie)
    ? undefined
    : 'expected a closed cookie'
}

/** Nobody comes in without a credential that was good when the request was sent. */
const doorsAreShut: Rule = (
  { status, path, method, authorization, isLocal, sent, body },
  { operation, world },
) => {
  if (status >= 300 || operation === undefined || operation === 'wrong_method') return undefined
  const { caller } = operation
  if (caller === 'anybody' || method === 'OPTIONS') return undefined
  if (path === '/metrics' && isLocal) return undefined
  // What stands for no live session ends nothing, and the answer does not tell.
  if (path === '/logout' && /refresh_token|__Host-tessera=/.test(sent)) return undefined
  if (caller === 'client') {
    const isProven = /basic /i.test(authorization) || /client_(secret|assertion)=/.test(sent)
    return isProven ? undefined : 'expected a client to prove itself'
  }
  return world.admits(caller, authorization)
    ? undefined
    : `expected a ${caller}, got ${status} ${body.slice(0, 80)}`
}

/** What an answer about an account or a client says again: whoever takes a secret for a name has given it away. */
const names = /"(username|email|name|scope)":"[^"]*"/g

/** No line of the log holds a secret, and no answer holds one that the request brought along. */
const secretsAreKept: Rule = ({ lines, sent, body }, { world }) => {
  const text = JSON.stringify(lines)
  const brought = sent.replaceAll(names, '')
  for (const secret of world.secrets()) {
    if (text.includes(secret)) return 'a secret is in the log'
    if (body.includes(secret) && brought.includes(secret)) return 'a secret of the request is in the answer'
  }
  if (/\$(argon2|scrypt|2[aby]\$|pbkdf2)/.test(text)) return 'a hash is in the log'
  return /\$argon2|"password_hash"|"secret_hash"|"d":"|BEGIN [A-Z ]*PRIVATE/.test(body)
    ? 'a hash or a private key is in the answer'
    : undefined
}

const rules: readonly Rule[] = [
  isServerAble,
  isLoggedOnce,
  meetsDocument,
  errorsSayWhy,
  headersByStatus,
  headersOfAll,
  originsAreListed,
  cookiesAreClosed,
  doorsAreShut,
  secretsAreKept,
]
