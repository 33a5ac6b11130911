/** The configuration of the stand-alone server from environment variables. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { StartError } from '../start-error.ts'
import type { MessageSetting } from './message-setting.ts'
import { readMessageSetting } from './message-setting.ts'
import { nearestName } from './nearest-name.ts'
import { readOrMakeSecrets } from './secrets-file.ts'
import type { AccessTokenAlgorithm, ServerConfig } from './server-config.ts'

export type Environment = Readonly<Record<string, string | undefined>>

/** What the stand-alone server needs beside the configuration of the token server. */
export interface StandAloneConfig {
  readonly host: string
  /** 0: any free port; the default issuer then follows it. */
  readonly port: number
  readonly logLevel: string
  readonly production: boolean
  /** Absent: `http://127.0.0.1:PORT`. */
  readonly issuer: string | undefined
  /** Where one-time tokens are handed over; undefined: nowhere. */
  readonly messages: MessageSetting | undefined
  readonly server: Omit<ServerConfig, 'issuer' | 'log'>
}

export interface EnvironmentOptions {
  /** Where `.tessera/` lies. Default the working directory. */
  readonly directory?: string
}

/** Settings that hold a secret can be given as a file too: `NAME_FILE`. */
const secretNames = [
  'TESSERA_SECRETS',
  'TESSERA_JWT_SECRET',
  'TESSERA_DATABASE',
  'TESSERA_MESSAGES_SECRET',
] as const

/** Whole numbers, by the names that they have in a configuration. */
const numberNames = {
  accessTokenSeconds: 'TESSERA_ACCESS_TOKEN_SECONDS',
  accessTokenJitterPercent: 'TESSERA_ACCESS_TOKEN_JITTER_PERCENT',
  refreshIdleSeconds: 'TESSERA_REFRESH_IDLE_SECONDS',
  refreshAbsoluteSeconds: 'TESSERA_REFRESH_ABSOLUTE_SECONDS',
  refreshGraceSeconds: 'TESSERA_REFRESH_GRACE_SECONDS',
  keyRotationSeconds: 'TESSERA_KEY_ROTATION_SECONDS',
  auditSeconds: 'TESSERA_AUDIT_SECONDS',
  hashMemoryKib: 'TESSERA_HASH_MEMORY_KIB',
  hashPasses: 'TESSERA_HASH_PASSES',
  hashLanes: 'TESSERA_HASH_LANES',
} as const

const tesseraNames = [
  'TESSERA_ISSUER',
  'TESSERA_AUDIENCE',
  'TESSERA_ORIGINS',
  'TESSERA_ALGORITHM',
  'TESSERA_CHANGES_FILE',
  'TESSERA_SIGNUP',
  'TESSERA_TRUST_PROXY',
  'TESSERA_THROTTLE',
  'TESSERA_BREACH_CHECK',
  'TESSERA_MESSAGES',
  'TESSERA_MESSAGES_PAGE',
  ...Object.values(numberNames),
  ...secretNames,
  ...secretNames.map((name) => `${name}_FILE`),
]

/** Read by the project's own test runs, which hand their environment on. */
const foreignNames = ['TESSERA_VECTORS', 'TESSERA_TEST_DATABASE']

const logLevels = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent']

/**
 * Reads the settings that CONTRACT names. Outside production a missing `TESSERA_SECRETS` is made once and kept in
 * `.tessera/secrets`.
 *
 * @throws {StartError} `config_invalid` for an unknown `TESSERA_…` name (with the nearest known one) or a bad value
 */
export function configFromEnvironment(
  environment: Environment = process.env,
  { directory = process.cwd() }: EnvironmentOptions = {},
): StandAloneConfig {
  refuseUnknownNames(environment)
  const read = (name: string): string | undefined => readSetting(environment, name)
  const production = environment['NODE_ENV'] === 'production'
  return {
    host: read('HOST') ?? '127.0.0.1',
    port: readWholeNumber('PORT', read('PORT') ?? '4480', 65_535),
    logLevel: readLogLevel(read('LOG_LEVEL') ?? 'info'),
    production,
    issuer: read('TESSERA_ISSUER'),
    messages: readMessageSetting({
      messages: read('TESSERA_MESSAGES'),
      secret: read('TESSERA_MESSAGES_SECRET'),
      page: read('TESSERA_MESSAGES_PAGE'),
      production,
      directory,
    }),
    server: {
      secrets: readSecrets(read('TESSERA_SECRETS'), production, join(directory, '.tessera', 'secrets')),
      ...texts(read),
      ...numbers(read),
    },
  }
}

function texts(read: (name: string) => string | undefined) {
  const audience = read('TESSERA_AUDIENCE')
  const database = read('TESSERA_DATABASE')
  const changesFile = read('TESSERA_CHANGES_FILE')
  const origins = read('TESSERA_ORIGINS')
  const algorithm = read('TESSERA_ALGORITHM')
  const jwtSecret = read('TESSERA_JWT_SECRET')
  const signup = read('TESSERA_SIGNUP')
  const throttle = read('TESSERA_THROTTLE')
  const breachCheck = read('TESSERA_BREACH_CHECK')
  return {
    ...(audience !== undefined && { audience: listOf(audience) }),
    ...(database !== undefined && { database }),
    ...(changesFile !== undefined && { changesFile }),
    ...(origins !== undefined && { origins: listOf(origins) }),
    // Checked by checkConfig, which names the values that it takes.
    ...(algorithm !== undefined && { algorithm: algorithm as AccessTokenAlgorithm }),
    ...(jwtSecret !== undefined && { jwtSecret }),
    ...(signup !== undefined && { signup: signup as 'open' }),
    ...(throttle !== undefined && { throttle: throttle as 'on' }),
    ...(breachCheck !== undefined && { breachCheck: breachCheck as 'on' }),
  }
}

function numbers(read: (name: string) => string | undefined) {
  const given = Object.entries(numberNames).flatMap(([setting, name]) => {
    const text = read(name)
    return text === undefined
      ? []
      : [[setting, readWholeNumber(name, text, Number.MAX_SAFE_INTEGER)] as const]
  })
  const trustProxy = readTrustProxy(read('TESSERA_TRUST_PROXY'))
  return {
    ...(Object.fromEntries(given) as { readonly [Setting in keyof typeof numberNames]?: number }),
    ...(trustProxy !== undefined && { trustProxy }),
  }
}

/** A number of proxies; `on` says that there is one. */
function readTrustProxy(text: string | undefined): number | undefined {
  if (text === undefined) return undefined
  if (['on', 'true'].includes(text)) return 1
  if (['off', 'false'].includes(text)) return 0
  return readWholeNumber('TESSERA_TRUST_PROXY', text, 16)
}

function refuseUnknownNames(environment: Environment): void {
  const known = [...tesseraNames, ...foreignNames]
  for (const name of Object.keys(environment)) {
    if (!name.startsWith('TESSERA_') || known.includes(name)) continue
    const nearest = nearestName(name, tesseraNames)
    throw invalid(
      name,
      `there is no such setting${nearest === undefined ? '' : `; did you mean ${nearest}?`}`,
    )
  }
}

function readSetting(environment: Environment, name: string): string | undefined {
  const value = environment[name]
  const fileName = `${name}_FILE`
  const file = (secretNames as readonly string[]).includes(name) ? environment[fileName] : undefined
  if (value !== undefined && file !== undefined) throw invalid(name, `expected it or ${fileName}, got both`)
  const text = file === undefined ? value : readSettingFile(fileName, file)
  if (text?.trim() === '')
    throw invalid(file === undefined ? name : fileName, 'expected a value, got an empty one')
  return text
}

function readSettingFile(name: string, path: string): string {
  try {
    // The line break at the end is the editor's, not the secret's.
    return readFileSync(path, 'utf8').replace(/\r?\n$/, '')
  } catch (error) {
    throw new StartError('config_invalid', `${name}: cannot read the file ${path}`, error)
  }
}

function readSecrets(text: string | undefined, production: boolean, path: string): readonly string[] {
  if (text !== undefined) return listOf(text)
  if (production) {
    throw invalid(
      'TESSERA_SECRETS',
      'expected at least one secret in production; make one with: openssl rand -base64 48',
    )
  }
  return listOf(readOrMakeSecrets(path))
}

function listOf(text: string): readonly string[] {
  return text.split(',').map((part) => part.trim())
}

function readWholeNumber(name: string, text: string, most: number): number {
  if (!/^\d{1,16}$/.test(text) || Number(text) > most) {
    throw invalid(name, `expected a whole number${most < 1e6 ? ` up to ${most}` : ''}`)
  }
  return Number(text)
}

function readLogLevel(text: string): string {
  if (!logLevels.includes(text)) throw invalid('LOG_LEVEL', `expected one of ${logLevels.join(', ')}`)
  return text
}

function invalid(name: string, why: string): StartError {
  return new StartError('config_invalid', `${name}: ${why}`)
}
