// @ts-check
/** The tables that `check-layers.js` holds the sources against. Change them here, with a reason in docs/decisions. */

/**
 * Which of our packages each package may import.
 * @type {Record<string, string[]>}
 */
export const PACKAGES = {
  jose: [],
  client: [],
  guard: ['jose'],
  server: ['guard', 'jose'],
  cli: ['server', 'guard', 'jose'],
  console: ['jose', 'client'],
}

/**
 * The rank of every room of a package. A room is a folder of `src`, or a file of `src` by its name without `.ts`;
 * rooms of one rank do not import each other. A room that is not listed is a fault: put it where it belongs.
 * @type {Record<string, Record<string, number>>}
 */
export const RANKS = {
  jose: {
    errors: 0,
    encoding: 1,
    options: 2,
    crypto: 2,
    jwa: 3,
    jwk: 4,
    jws: 5,
    jwe: 5,
    jwt: 6,
    jwks: 6,
    unverified: 7,
    dpop: 7,
    testing: 7,
    index: 8,
  },
  guard: {
    problem: 0,
    challenge: 0,
    scope: 0,
    revocations: 0,
    'request-headers': 0,
    'option-names': 0,
    bearer: 1,
    feed: 1,
    options: 1,
    refusals: 1,
    'node-request': 1,
    'node-answer': 1,
    'keys-in-force': 1,
    'token-check': 2,
    guard: 3,
    tickets: 3,
    express: 4,
    fastify: 4,
    hono: 4,
    node: 4,
    request: 4,
    index: 5,
  },
  client: {
    errors: 0,
    clock: 0,
    follow: 0,
    lock: 0,
    challenge: 1,
    names: 1,
    'token-set': 1,
    'token-records': 2,
    backoff: 2,
    storage: 2,
    options: 3,
    session: 3,
    device: 3,
    issuer: 4,
    attach: 5,
    refresh: 5,
    send: 6,
    client: 7,
    index: 8,
  },
  server: {
    'start-error': 0,
    channels: 0,
    config: 1,
    store: 2,
    accounts: 3,
    sessions: 3,
    keys: 3,
    tokens: 4,
    data: 4,
    clients: 4,
    http: 2,
    routes: 5,
    app: 6,
    parts: 7,
    'token-server': 8,
    'stand-alone': 9,
    index: 10,
  },
}

/** Modules that one room alone may import. */
export const OWNED_MODULES = [
  { package: 'server', room: 'store', modules: ['kysely', 'libsql', 'pg'], why: 'only store/ knows SQL' },
]

/** Packages that run everywhere: no Node modules, no Node globals. */
export const PORTABLE = ['jose', 'guard', 'client']
/**
 * The two files that reach what the runtime may have, by `process.getBuiltinModule` and with another way beside it: its
 * synchronous crypto, and its Buffer.
 */
export const RUNTIME_FILES = ['jose/src/crypto/node-crypto.ts', 'jose/src/encoding/ascii.ts']
export const CATCH_ALL = ['utils', 'util', 'common', 'helpers', 'helper', 'shared', 'misc']
