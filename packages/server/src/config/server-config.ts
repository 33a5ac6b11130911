/** The configuration of a token server, as an application writes it. Checked by `check-config.ts`. */

/** What a log needs to be; a pino logger is one. Fields come first. Never handed a token or a password. */
export interface Log {
  info(fields: object, message: string): void
  warn(fields: object, message: string): void
  error(fields: object, message: string): void
}

/** Claims that the server alone sets; a hook cannot. */
export const reservedClaims = [
  'iss',
  'sub',
  'aud',
  'exp',
  'nbf',
  'iat',
  'jti',
  'client_id',
  'scope',
  'roles',
  'sid',
  'sv',
  'seal',
  'cnf',
  'auth_time',
  'amr',
  'acr',
] as const

/** Claims that an application adds: any name but the reserved ones. */
export type PrivateClaims = { readonly [name: string]: unknown } & {
  readonly [Name in (typeof reservedClaims)[number]]?: never
}

/** What the claims hook is told about the access token that is being issued: to a person's session, or to a client. */
export type ClaimsContext =
  | {
      readonly subject: 'user'
      readonly userId: string
      readonly sessionId: string
      readonly clientId: string
      /** Scopes, separated by one space. */
      readonly scope: string
      readonly roles: readonly string[]
    }
  | {
      readonly subject: 'client'
      readonly clientId: string
      readonly scope: string
      readonly roles: readonly string[]
    }

/** Adds private claims to every access token. Called at login, at each refresh, and when a client gets a token. */
export type ClaimsHook = (context: ClaimsContext) => PrivateClaims | Promise<PrivateClaims>

/** A user of the application's own directory. */
export interface ExternalUser {
  /** The `sub` of tokens: stable, and never given to another person. 1 to 255 characters. */
  readonly id: string
  readonly username: string
  /** Default those that he has here: none at first. */
  readonly roles?: readonly string[]
}

/** Checks credentials against the application's own directory; null for a wrong name or password. */
export type AuthenticateHook = (credentials: {
  readonly username: string
  readonly password: string
}) => Promise<ExternalUser | null>

/** What somebody may. What is absent stays as it is. */
export interface Grants {
  readonly roles?: readonly string[]
  /** Scopes beside `account` that log-ins may ask for, separated by spaces. Never `admin` (P10). */
  readonly scope?: string
}

/**
 * Says what somebody may who has just proven who he is, at sign-up and at each log-in: before the session begins. Where it is
 * something else than before, tokens that are out are refused, and their sessions refresh. What it throws is answered with 503.
 */
export type GrantsHook = (user: {
  readonly userId: string
  readonly username: string
  readonly roles: readonly string[]
  readonly scope: string
}) => Grants | Promise<Grants>

/** A one-time token on its way to a person. */
export interface Message {
  readonly kind: 'password_reset' | 'email_verification'
  readonly userId: string
  readonly username: string
  readonly email: string | null
  /** The token for `POST /password/reset` or `POST /email/verify`. It is a secret: never log it. */
  readonly token: string
  /** NumericDate. */
  readonly expiresAt: number
}

/**
 * Delivers a one-time token, by mail usually. A link in it is made of your own configuration, never of what a request says
 * (its `Host` is anybody's word).
 */
export type MessageHook = (message: Message) => void | Promise<void>

export const accessTokenAlgorithms = ['ES256', 'Ed25519', 'RS256', 'PS256', 'HS256'] as const
export type AccessTokenAlgorithm = (typeof accessTokenAlgorithms)[number]

export interface ServerConfig {
  /** The `iss` of tokens and the base of every endpoint: an `https` URL, or `http` on a loopback host. */
  readonly issuer: string
  /**
   * The `aud` of access tokens: an API, or several. A token is for one of them: the one that `resource` names (RFC 8707), or
   * the first. Default the issuer.
   */
  readonly audience?: string | readonly string[]
  /** Server secrets, newest first, 32 bytes or more each. They derive every key that the server keeps to itself. */
  readonly secrets: readonly string[]
  /** `sqlite:PATH`, `sqlite::memory:`, or `postgres://…`. Default `sqlite:.tessera/tessera.db`. */
  readonly database?: string
  /** How access tokens are signed. Default `ES256`. */
  readonly algorithm?: AccessTokenAlgorithm
  /**
   * With `HS256` only, 32 bytes or more: the secret that the API shares. Of several APIs each has its own, derived from
   * this one, which the server then keeps to itself (P1).
   */
  readonly jwtSecret?: string
  /** Life of an access token. Default 600. */
  readonly accessTokenSeconds?: number
  /**
   * By how many parts in a hundred of that life a token may end earlier, drawn for each: clients that signed in together
   * then do not all come back together. Never later. Default 0, at most 50.
   */
  readonly accessTokenJitterPercent?: number
  /** A session ends when it was not refreshed for so long. Default 14 days. */
  readonly refreshIdleSeconds?: number
  /** A session ends so long after login, whatever happens. Default 90 days. */
  readonly refreshAbsoluteSeconds?: number
  /** How long the previous refresh token still gives the same successor. Default 30, at most 300. */
  readonly refreshGraceSeconds?: number
  /** How long a signing key signs before the next one takes over. Default 30 days, at least two hours. */
  readonly keyRotationSeconds?: number
  /** How long a line of the audit trail is kept. Default 90 days, at least one. */
  readonly auditSeconds?: number
  /**
   * With PostgreSQL: a file, outside the database and its backups, to which is added what no restored backup may undo.
   * Default none.
   */
  readonly changesFile?: string
  /** Exact origins of pages that may call the server. Default none. */
  readonly origins?: readonly string[]
  /** Whether anybody may sign up. Default `open`. */
  readonly signup?: 'open' | 'closed'
  /** Memory of one Argon2id hash. Default and least 19456 (19 MiB); `tessera hash calibrate` tells what a machine can do. */
  readonly hashMemoryKib?: number
  /** Passes of Argon2id over that memory. Default and least 2. */
  readonly hashPasses?: number
  /** Lanes of Argon2id. Default and least 1. */
  readonly hashLanes?: number
  /**
   * Whether new passwords are looked up among those that were stolen elsewhere: `on` asks Have I Been Pwned, an address asks a
   * mirror of it. Who is asked learns five digits of a digest and never the password. Default `off`.
   */
  readonly breachCheck?: 'off' | 'on' | `http${string}`
  /** Whether attempts at passwords are limited. Default `on`. */
  readonly throttle?: 'on' | 'off'
  /** How many proxies in front of the server append to `X-Forwarded-For`. Default 0: the header is ignored. */
  readonly trustProxy?: number
  /** Default none. */
  readonly claims?: ClaimsHook
  /** Default: roles and scopes are changed by administrators alone. */
  readonly grants?: GrantsHook
  /** Default: the server keeps users and passwords itself. */
  readonly authenticate?: AuthenticateHook
  /** Default none: there are then no endpoints that send messages. */
  readonly sendMessage?: MessageHook
  /** Default silent. */
  readonly log?: Log
}

/** Gives a configuration its type; it is checked when the server is made. */
export function defineConfig(config: ServerConfig): ServerConfig {
  return config
}
