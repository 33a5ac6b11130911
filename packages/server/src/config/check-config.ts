/** A configuration is refused when it is unknown, malformed or unsafe; nothing is guessed and nothing skipped. */
import { isSecureScheme } from '@tessera/jose/encoding'
import { StartError } from '../start-error.ts'
import type { Audiences } from './audiences.ts'
import { checkAudiences } from './audiences.ts'
import { checkBreachCheck } from './breach-setting.ts'
import type { HashParameters } from './hash-parameters.ts'
import { checkHashParameters } from './hash-parameters.ts'
import { nearestName } from './nearest-name.ts'
import type {
  AccessTokenAlgorithm,
  AuthenticateHook,
  ClaimsHook,
  GrantsHook,
  Log,
  MessageHook,
  ServerConfig,
} from './server-config.ts'
import { accessTokenAlgorithms } from './server-config.ts'
import type { StoreAddress } from './store-address.ts'

/** A configuration with every default filled in. */
export interface CheckedConfig {
  readonly issuer: string
  /** The path of the issuer without a trailing slash; empty for most. */
  readonly basePath: string
  readonly audiences: Audiences
  /** Newest first. */
  readonly secrets: readonly [string, ...string[]]
  readonly database: StoreAddress
  readonly algorithm: AccessTokenAlgorithm
  readonly jwtSecret: string | undefined
  readonly accessTokenSeconds: number
  readonly accessTokenJitterPercent: number
  readonly refreshIdleSeconds: number
  readonly refreshAbsoluteSeconds: number
  readonly refreshGraceSeconds: number
  readonly keyRotationSeconds: number
  readonly auditSeconds: number
  readonly changesFile: string | undefined
  readonly origins: ReadonlySet<string>
  readonly signup: 'open' | 'closed'
  readonly hash: HashParameters
  /** Where new passwords are looked up among stolen ones. */
  readonly breachAddress: string | undefined
  readonly throttle: 'on' | 'off'
  readonly trustProxy: number
  readonly claims: ClaimsHook | undefined
  readonly grants: GrantsHook | undefined
  readonly authenticate: AuthenticateHook | undefined
  readonly sendMessage: MessageHook | undefined
  readonly log: Log
}

const names = [
  'issuer',
  'audience',
  'secrets',
  'database',
  'algorithm',
  'jwtSecret',
  'accessTokenSeconds',
  'accessTokenJitterPercent',
  'refreshIdleSeconds',
  'refreshAbsoluteSeconds',
  'refreshGraceSeconds',
  'keyRotationSeconds',
  'auditSeconds',
  'changesFile',
  'origins',
  'signup',
  'hashMemoryKib',
  'hashPasses',
  'hashLanes',
  'breachCheck',
  'throttle',
  'trustProxy',
  'claims',
  'grants',
  'authenticate',
  'sendMessage',
  'log',
] as const satisfies readonly (keyof ServerConfig)[]

const day = 86_400

/** A hundred years: larger figures are slips of a unit. */
const longest = 100 * 365 * day

/** @throws {StartError} `config_invalid`, naming the setting */
export function checkConfig(config: ServerConfig): CheckedConfig {
  refuseUnknown(config)
  const issuer = checkIssuer(config.issuer)
  const algorithm = oneOf('algorithm', config.algorithm ?? 'ES256', accessTokenAlgorithms)
  const secrets = checkSecrets(config.secrets)
  return {
    issuer,
    basePath: new URL(issuer).pathname.replace(/\/$/, ''),
    audiences: checkAudiences(config.audience ?? issuer, issuer),
    secrets,
    database: parseDatabase(config.database ?? 'sqlite:.tessera/tessera.db'),
    algorithm,
    jwtSecret: checkJwtSecret(config.jwtSecret, algorithm, secrets),
    ...checkLifetimes(config),
    origins: checkOrigins(config.origins ?? []),
    signup: oneOf('signup', config.signup ?? 'open', ['open', 'closed']),
    hash: checkHashParameters(config),
    breachAddress: checkBreachCheck(config.breachCheck ?? 'off'),
    throttle: oneOf('throttle', config.throttle ?? 'on', ['on', 'off']),
    trustProxy: wholeNumber('trustProxy', config.trustProxy ?? 0, 0, 16),
    claims: checkHook('claims', config.claims),
    grants: checkHook('grants', config.grants),
    authenticate: checkHook('authenticate', config.authenticate),
    changesFile: config.changesFile === undefined ? undefined : nonEmpty('changesFile', config.changesFile),
    sendMessage: checkHook('sendMessage', config.sendMessage),
    log: config.log ?? silent,
  }
}

const silent: Log = { info: () => undefined, warn: () => undefined, error: () => undefined }

function refuseUnknown(config: unknown): void {
  if (typeof config !== 'object' || config === null) throw invalid('config', 'expected an object of settings')
  for (const [name, value] of Object.entries(config)) {
    if (!(names as readonly string[]).includes(name)) {
      const nearest = nearestName(name, names)
      throw invalid(
        name,
        `there is no such setting${nearest === undefined ? '' : `; did you mean "${nearest}"?`}`,
      )
    }
    if (value === undefined) throw invalid(name, 'expected a value, got undefined: is a variable unset?')
  }
}

function checkIssuer(issuer: unknown): string {
  const text = nonEmpty('issuer', issuer)
  const url = URL.canParse(text) ? new URL(text) : undefined
  if (url === undefined || !['http:', 'https:'].includes(url.protocol)) {
    throw invalid('issuer', 'expected an https URL such as https://auth.example.com')
  }
  if (
    url.search !== '' ||
    url.hash !== '' ||
    /[?#]/.test(text) ||
    url.username !== '' ||
    url.password !== ''
  ) {
    throw invalid('issuer', 'expected a URL without user, query and fragment (RFC 8414 §2)')
  }
  if (!isSecureScheme(url)) {
    throw invalid(
      'issuer',
      'expected https, got http to a host that is not this machine: tokens would travel in the open',
    )
  }
  return text
}

function checkSecrets(secrets: unknown): readonly [string, ...string[]] {
  const list: readonly unknown[] = Array.isArray(secrets) ? secrets : []
  const [newest, ...older] = list.map((secret) => checkSecret('secrets', secret))
  if (newest === undefined) throw invalid('secrets', 'expected at least one server secret, newest first')
  if (new Set(list).size !== list.length) throw invalid('secrets', 'expected each secret once, got one twice')
  return [newest, ...older]
}

function checkSecret(name: string, secret: unknown): string {
  const text = nonEmpty(name, secret)
  const bytes = Buffer.byteLength(text)
  if (bytes < 32) {
    throw invalid(name, `expected 32 bytes or more, got ${bytes}; make one with: openssl rand -base64 48`)
  }
  return text
}

function checkJwtSecret(
  jwtSecret: unknown,
  algorithm: AccessTokenAlgorithm,
  secrets: readonly string[],
): string | undefined {
  if (algorithm !== 'HS256') {
    if (jwtSecret === undefined) return undefined
    throw invalid('jwtSecret', `expected with algorithm HS256 only, got it with ${algorithm}`)
  }
  if (jwtSecret === undefined) throw invalid('jwtSecret', 'expected a secret for algorithm HS256, got none')
  const text = checkSecret('jwtSecret', jwtSecret)
  if (new Set(text).size === 1) throw invalid('jwtSecret', 'expected random text, got one character repeated')
  // Every API server holds this one; whoever holds a server secret could make refresh tokens (P1).
  if (secrets.includes(text))
    throw invalid('jwtSecret', 'expected a secret of its own, got one of the server secrets')
  return text
}

function parseDatabase(database: unknown): StoreAddress {
  const text = nonEmpty('database', database)
  if (/^postgres(ql)?:\/\//.test(text)) {
    if (URL.canParse(text) && new URL(text).pathname.length > 1) return { kind: 'postgres', url: text }
    throw invalid('database', 'expected postgres://user:password@host:port/database')
  }
  const path = /^sqlite:(.+)$/s.exec(text)?.[1]
  if (path === undefined) throw invalid('database', 'expected sqlite:PATH or postgres://…')
  return { kind: 'sqlite', path: path.replace(/^\/\/(?=\/)/, '') }
}

function checkLifetimes(config: ServerConfig) {
  const accessTokenSeconds = wholeNumber('accessTokenSeconds', config.accessTokenSeconds ?? 600, 1, day)
  const jitter = config.accessTokenJitterPercent ?? 0
  const accessTokenJitterPercent = wholeNumber('accessTokenJitterPercent', jitter, 0, 50)
  const refreshIdleSeconds = wholeNumber(
    'refreshIdleSeconds',
    config.refreshIdleSeconds ?? 14 * day,
    1,
    longest,
  )
  const refreshAbsoluteSeconds = wholeNumber(
    'refreshAbsoluteSeconds',
    config.refreshAbsoluteSeconds ?? 90 * day,
    1,
    longest,
  )
  // The window in which a stolen token is not told from a lost reply: short by nature.
  const refreshGraceSeconds = wholeNumber('refreshGraceSeconds', config.refreshGraceSeconds ?? 30, 0, 300)
  // A key is published for an hour before it signs.
  const keyRotationSeconds = wholeNumber(
    'keyRotationSeconds',
    config.keyRotationSeconds ?? 30 * day,
    7200,
    longest,
  )
  const auditSeconds = wholeNumber('auditSeconds', config.auditSeconds ?? 90 * day, day, 100 * longest)
  return {
    accessTokenSeconds,
    accessTokenJitterPercent,
    refreshIdleSeconds,
    refreshAbsoluteSeconds,
    refreshGraceSeconds,
    keyRotationSeconds,
    auditSeconds,
  }
}

function checkOrigins(origins: unknown): ReadonlySet<string> {
  if (!Array.isArray(origins)) throw invalid('origins', 'expected a list of origins')
  for (const origin of origins) {
    const text = nonEmpty('origins', origin)
    if (!URL.canParse(text) || new URL(text).origin !== text) {
      throw invalid(
        'origins',
        'expected exact origins such as https://app.example.com, without path or trailing slash',
      )
    }
  }
  return new Set(origins as string[])
}

function checkHook<Hook>(name: string, hook: Hook | undefined): Hook | undefined {
  if (hook !== undefined && typeof hook !== 'function')
    throw invalid(name, `expected a function, got ${typeof hook}`)
  return hook
}

function oneOf<const Value extends string>(name: string, value: unknown, values: readonly Value[]): Value {
  const found = values.find((candidate) => candidate === value)
  if (found === undefined) throw invalid(name, `expected one of ${values.join(', ')}`)
  return found
}

function wholeNumber(name: string, value: unknown, least: number, most: number): number {
  if (typeof value !== 'number' || !Number.isInteger(value) || value < least || value > most) {
    throw invalid(name, `expected a whole number from ${least} to ${most}`)
  }
  return value
}

function nonEmpty(name: string, value: unknown): string {
  if (typeof value !== 'string') throw invalid(name, `expected text, got ${typeof value}`)
  if (value.trim() === '') throw invalid(name, 'expected text, got an empty one')
  return value
}

function invalid(name: string, why: string): StartError {
  return new StartError('config_invalid', `${name}: ${why}`)
}
