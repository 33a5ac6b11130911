/** What a test issuer is made of. */
import { JoseError } from '../errors.ts'
import type { SignatureAlgorithm } from '../jwa/algorithm.ts'
import { signatureRow } from '../jwa/signature-algorithms.ts'
import { requireSecureUrl } from '../jwks/fetch-json.ts'
import { badOption, readOptions } from '../options.ts'

export interface TestIssuerOptions {
  /** Claim `iss`, and where metadata and keys seem to lie. Default: `https://issuer.test`. */
  readonly issuer?: string
  /** Claim `aud`. Default: `https://api.test`. */
  readonly audience?: string
  /** The algorithm of its keys. Default: `ES256`. */
  readonly algorithm?: SignatureAlgorithm
  /** Header `typ`. Default: `at+jwt` (RFC 9068). */
  readonly typ?: string
  /** Claims that every token has, those of the attack corpus too; such as a scope that the API wants. Default: none. */
  readonly claims?: TestClaims
  /** Where the clock stands, in seconds. Default: the second in which it was made. */
  readonly now?: number
}

/** Claims that differ from good ones; undefined leaves one out. Nothing of them is checked: broken ones are signed too. */
export interface TestClaims {
  readonly [claim: string]: unknown
}

/** Its options with their defaults. */
export type IssuerSettings = Required<TestIssuerOptions>

const optionNames = ['issuer', 'audience', 'algorithm', 'typ', 'claims', 'now'] as const

/** Reads the options of `createTestIssuer`. @throws {JoseError} `option_invalid` */
export function readSettings(options: unknown): IssuerSettings {
  const where = 'createTestIssuer'
  const given = readOptions<TestIssuerOptions>(options, optionNames, where)
  const settings = {
    issuer: 'https://issuer.test',
    audience: 'https://api.test',
    algorithm: 'ES256' as const,
    typ: 'at+jwt',
    claims: {},
    now: Math.floor(Date.now() / 1000),
    ...given,
  }
  for (const name of ['audience', 'typ'] as const) {
    if (typeof settings[name] !== 'string' || settings[name] === '')
      throw badOption(where, name, 'text', settings[name])
  }
  if (signatureRow(settings.algorithm) === undefined)
    throw badOption(where, 'algorithm', 'a signature algorithm such as ES256', settings.algorithm)
  const { claims } = settings
  if (typeof claims !== 'object' || claims === null || Array.isArray(claims))
    throw badOption(where, 'claims', 'an object', claims)
  requireSecureUrl(settings.issuer, `${where}: issuer`)
  if (typeof settings.issuer === 'string' && !/[?#]/.test(settings.issuer)) return settings
  throw new JoseError(
    'option_invalid',
    `${where}: issuer: expected the text of a URL without query and fragment`,
  )
}
