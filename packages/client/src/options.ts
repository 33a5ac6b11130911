/** The options of `createClient`, checked at run time: what the caller did not mean must not pass in silence. */
import { systemClock, type Clock } from './clock.ts'
import type { Locks } from './lock.ts'
import { checkNames, invalid, kindOf } from './names.ts'
import { memoryStorage, webStorage, type TokenStorage } from './storage.ts'
import type { Transport } from './token-set.ts'

export interface ClientOptions {
  /** The token server's address, such as `https://id.example`. `https`, or `http` on this machine. */
  readonly issuer: string | URL
  /** Exact origins that get the access token, beside the issuer's own. Default none. */
  readonly origins?: readonly string[]
  /**
   * The API that access tokens are for (RFC 8707), as the issuer knows it. One client is for one API: for another make another
   * one, with a storage of its own. Default the issuer's first.
   */
  readonly resource?: string
  /**
   * What tokens may be used for beside the account itself, separated by spaces: asked for at log-in, and again at each refresh
   * (RFC 6749 §3.3, §6), which gets these scopes alone. Default the account itself.
   */
  readonly scope?: string
  /**
   * How refresh tokens travel. `cookie`: the browser keeps them where no script can read them, page and issuer being of one
   * site; its origin must be listed at the issuer. Default `body`.
   */
  readonly transport?: Transport
  /**
   * Where the session is kept. Default `memoryStorage()`; in cookie mode `localStorage` where there is one, for what is kept
   * holds no token then.
   */
  readonly storage?: TokenStorage
  /**
   * Where the secret is kept by which the server knows this device again, beyond a log-out. It lets nobody in, and keeps
   * whoever guesses at the account from locking its owner out. Default `memoryStorage()`.
   */
  readonly deviceStorage?: TokenStorage
  /** Sends every request. Default `globalThis.fetch`. */
  readonly fetch?: typeof globalThis.fetch
  /** Where time comes from. Default `systemClock`. */
  readonly clock?: Clock
  /** From 0 up to 1, uniform; places each refresh. Default `Math.random`. */
  readonly random?: () => number
  /** Makes tabs take turns; `null` for none. Default `navigator.locks` where the browser has it. */
  readonly locks?: Locks | null
}

export interface Settings {
  /** The issuer without a trailing slash. */
  readonly issuer: string
  readonly origins: ReadonlySet<string>
  /** What is asked for beside the account's ordinary tokens. */
  readonly wanted: { readonly resource?: string; readonly scope?: string }
  readonly transport: Transport
  readonly storage: TokenStorage
  readonly deviceStorage: TokenStorage
  readonly fetch: typeof globalThis.fetch
  readonly clock: Clock
  readonly random: () => number
  readonly locks: Locks | null
}

const names = [
  'issuer',
  'origins',
  'resource',
  'scope',
  'transport',
  'storage',
  'deviceStorage',
  'fetch',
  'clock',
  'random',
  'locks',
] as const

/**
 * Checks the options and fills in the defaults.
 *
 * @throws {ClientError} `option_invalid` for an unknown name, an option that is present but `undefined`, or a value of
 *   the wrong kind.
 */
export function checkOptions(options: ClientOptions): Settings {
  checkNames(options, names, 'createClient')
  const issuer = checkIssuer(options.issuer)
  const { transport = 'body', deviceStorage = memoryStorage() } = options
  const { clock = systemClock, random = Math.random } = options
  if (transport !== 'body' && transport !== 'cookie') {
    throw invalid(`transport: expected "body" or "cookie", got ${kindOf(transport)}`)
  }
  const storage = options.storage ?? (transport === 'cookie' ? pageStorage() : memoryStorage())
  const send = options.fetch ?? ((input, init) => globalThis.fetch(input, init))
  const locks = options.locks === undefined ? (globalThis.navigator?.locks ?? null) : options.locks
  checkMethods('storage', storage, ['read', 'write', 'remove'])
  checkMethods('deviceStorage', deviceStorage, ['read', 'write', 'remove'])
  checkMethods('clock', clock, ['monotonicMs', 'wallMs', 'sleep'])
  if (locks !== null) checkMethods('locks', locks, ['request'])
  checkFunction('fetch', send)
  checkFunction('random', random)
  const origins = new Set([issuer.origin, ...checkOrigins(options.origins ?? [])])
  const base = issuer.href.replace(/\/$/, '')
  const wanted = checkWanted(options)
  return {
    issuer: base,
    origins,
    wanted,
    transport,
    storage,
    deviceStorage,
    fetch: send,
    clock,
    random,
    locks,
  }
}

/** Scope tokens of RFC 6749 §3.3. */
const scopePattern = /^[\x21\x23-\x5b\x5d-\x7e]+( [\x21\x23-\x5b\x5d-\x7e]+)*$/

function checkWanted({ resource, scope }: ClientOptions): Settings['wanted'] {
  if (resource !== undefined && !isText(resource, /^\S+$/)) {
    throw invalid('resource: expected the name of one API, without spaces')
  }
  if (scope !== undefined && !isText(scope, scopePattern)) {
    throw invalid('scope: expected words of visible ASCII with one space between them')
  }
  return { ...(resource !== undefined && { resource }), ...(scope !== undefined && { scope }) }
}

function isText(value: unknown, pattern: RegExp): boolean {
  return typeof value === 'string' && pattern.test(value)
}

/** Shared by all tabs where the page has one. A browser that forbids it throws when it is looked at. */
function pageStorage(): TokenStorage {
  try {
    if (globalThis.localStorage !== undefined) return webStorage(globalThis.localStorage)
  } catch {
    // Then the session ends with the page, though the cookie does not.
  }
  return memoryStorage()
}

function checkIssuer(issuer: unknown): URL {
  const url = checkUrl('issuer', issuer instanceof URL ? issuer.href : issuer)
  if (url.search !== '' || url.hash !== '' || url.username !== '' || url.password !== '') {
    throw invalid('issuer: expected an address without user name, query and fragment')
  }
  return url
}

function checkOrigins(origins: unknown): string[] {
  if (!Array.isArray(origins)) throw invalid(`origins: expected a list of origins, got ${kindOf(origins)}`)
  return origins.map((origin: unknown) => {
    const exact = checkUrl('origins', origin).origin
    if (exact !== origin)
      throw invalid(`origins: expected an exact origin such as "${exact}", without a path`)
    return exact
  })
}

function checkUrl(option: string, text: unknown): URL {
  if (typeof text !== 'string') {
    const hint = text === undefined ? ': is the variable set?' : ''
    throw invalid(`${option}: expected an address such as "https://id.example", got ${kindOf(text)}${hint}`)
  }
  let url: URL
  try {
    url = new URL(text)
  } catch {
    throw invalid(`${option}: expected a whole address such as "https://id.example"`)
  }
  // RFC 6750 §5.3: a bearer token travels over TLS only.
  if (url.protocol !== 'https:' && !(url.protocol === 'http:' && isLoopback(url.hostname))) {
    throw invalid(`${option}: expected https (http on this machine only), got ${url.protocol.slice(0, -1)}`)
  }
  return url
}

function isLoopback(host: string): boolean {
  return (
    host === 'localhost' || host.endsWith('.localhost') || host === '[::1]' || /^127(\.\d+){3}$/.test(host)
  )
}

function checkMethods(option: string, value: unknown, methods: readonly string[]): void {
  for (const method of methods) {
    if (typeof (value as Record<string, unknown> | null)?.[method] !== 'function') {
      throw invalid(`${option}: expected an object with ${methods.join(', ')}; ${method} is missing`)
    }
  }
}

function checkFunction(option: string, value: unknown): void {
  if (typeof value !== 'function') throw invalid(`${option}: expected a function, got ${kindOf(value)}`)
}
