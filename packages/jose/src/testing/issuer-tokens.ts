/** The tokens of a test issuer: good ones, and those with a fault. */
import { requireRow } from '../jwa/signature-algorithms.ts'
import { type Duration, durationSeconds } from '../jwt/numeric-date.ts'
import { readOptions } from '../options.ts'
import { forgeToken } from './all-recipes.ts'
import type { IssuerKeys } from './issuer-keys.ts'
import type { IssuerSettings, TestClaims } from './issuer-settings.ts'
import { rawToken } from './raw-token.ts'
import type { AttackContext } from './recipe.ts'
import type { TestClock } from './test-clock.ts'

export interface TestTokenOptions {
  /** Header parameters that differ; undefined leaves one out. */
  readonly header?: { readonly [parameter: string]: unknown }
  /** The lifetime. Default: ten minutes. */
  readonly expiresIn?: Duration
}

/** Tokens that `forge` makes, as far as they fit the issuer's algorithm; so does every other name of `attackCorpus`. */
export type Forgery =
  | 'alg-none'
  | 'alg-none-case'
  | 'hs256-with-public-key'
  | 'embedded-jwk'
  | 'embedded-jku'
  | 'stripped-signature'
  | 'changed-claims'
  | 'changed-header'
  | 'wrong-key'
  | 'unknown-crit'
  | 'duplicate-member'
  | 'non-canonical-signature'
  | 'token-leading-space'
  | 'limit-dots'

/** What an issuer signs, and what others sign in its name. */
export interface IssuerTokens {
  /** A good token: RFC 9068, ten minutes, with claims of one's own. */
  sign(claims?: TestClaims, options?: TestTokenOptions): Promise<string>
  /** A token that expired ten minutes ago. */
  expired(claims?: TestClaims): Promise<string>
  /** A token that becomes valid in ten minutes. */
  notYetValid(claims?: TestClaims): Promise<string>
  /** A token for another API. */
  wrongAudience(claims?: TestClaims): Promise<string>
  /** A token that names another issuer. */
  wrongIssuer(claims?: TestClaims): Promise<string>
  /** A token that names the right key and is signed with another. */
  wrongKey(claims?: TestClaims): Promise<string>
  /** A token that names a key which nobody publishes, and is signed with it. */
  unknownKey(claims?: TestClaims): Promise<string>
  /** A good token without a claim. */
  withoutClaim(name: string): Promise<string>
  /** A token of `attackCorpus`. @throws {JoseError} `option_invalid` for a name that is not there for this algorithm */
  forge(id: Forgery | (string & {})): Promise<string>
}

export interface TokenParts {
  readonly settings: IssuerSettings
  readonly keys: IssuerKeys
  readonly clock: TestClock
}

/** Makes the functions that make tokens. */
export function createIssuerTokens(parts: TokenParts): IssuerTokens {
  const { clock, keys } = parts
  const context = (): AttackContext => attackContext(parts)
  const later = (seconds: number): number => clock.now() + seconds
  const sign = createSigner(parts)
  const byAttacker = (claims: TestClaims = {}, header: object = {}): Promise<string> => {
    const good = context()
    return rawToken({ ...good.header, ...header }, { ...good.claims, ...claims }, good.attacker)
  }
  return {
    sign,
    expired: (claims) => sign({ iat: later(-1200), exp: later(-600), ...claims }),
    notYetValid: (claims) => sign({ nbf: later(600), exp: later(1200), ...claims }),
    wrongAudience: (claims) => sign({ aud: 'https://other-api.test', ...claims }),
    wrongIssuer: (claims) => sign({ iss: 'https://other-issuer.test', ...claims }),
    wrongKey: (claims) => byAttacker(claims),
    unknownKey: (claims) => byAttacker(claims, { kid: keys.attacker.signingKey.kid }),
    withoutClaim: (name) => sign({ [name]: undefined }),
    forge: (id) => forgeToken(id, context()),
  }
}

function createSigner(parts: TokenParts): IssuerTokens['sign'] {
  let count = 0
  return async (claims = {}, options = {}) => {
    const given = readOptions<TestTokenOptions>(options, ['header', 'expiresIn'], 'sign')
    const good = attackContext(parts)
    count += 1
    const exp = good.now + durationSeconds(given.expiresIn ?? 600, 'expiresIn', 'sign')
    const own = { ...good.claims, jti: `test-${count}`, exp, ...claims }
    return good.sign({ ...good.header, ...given.header }, own)
  }
}

/** What good tokens, and attacks on whoever trusts them, are made of at present. */
export function attackContext({ settings, keys, clock }: TokenParts): AttackContext {
  const key = keys.current()
  const { algorithm, kid } = key.signingKey
  const now = clock.now()
  const { issuer, audience, typ, claims } = settings
  return {
    row: requireRow(algorithm),
    issuer,
    audience,
    now,
    key,
    attacker: keys.attacker,
    header: { typ, alg: algorithm, kid },
    claims: {
      iss: issuer,
      sub: 'test-user',
      aud: audience,
      client_id: 'test-client',
      iat: now,
      exp: now + 600,
      jti: 'test',
      ...claims,
    },
    sign: (header, payload, signer = key) => rawToken(header, payload, signer),
  }
}
