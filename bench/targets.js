// @ts-check
/** What the benchmark has to show: one table. A target is a ratio of two rows of one run, or a bound on one row. */
import { lengthRow } from './cases/growth.js'
import { countRow, few, many } from './growth/counts.js'

/**
 * @typedef {object} Target
 * @property {string} table
 * @property {string} of
 * @property {string} [against]     another row, or `bestPeer`, or `bestScriptPeer`
 * @property {number} [atLeast]     how many times as fast as that
 * @property {number} [onNode20]    the same on Node 20
 * @property {number} [scale]       how much more work a row does than the one it is compared with
 * @property {number} [atMost]      a bound on the row itself, in the unit of its table
 * @property {string[]} [runtimes]  where it is asked for; everywhere when absent
 * @property {boolean} [own]        nobody asked for it: we did
 */

/** The fastest peer that takes one token after the other. */
export const bestPeer = 'the best peer'
/** The same of those without machine code of their own. */
export const bestScriptPeer = 'the best peer without native code'

/** How the report marks a target of our own. */
export const ownTarget = 'own target'

const ours = 'tessera'
/** With `signatures: 'webassembly'`. */
const withTables = 'tessera, WebAssembly'
const bareHmac = 'part: createHmac().update().digest()'
const bareVerify = 'bare crypto.verify'
const standard = { table: 'HS256 verify, standard token', of: ours }
const growth = { table: 'HS256 verify, as the token grows' }
const http = { table: 'node:http, processor time of a request' }
const onPostgres = { table: 'server: refresh on PostgreSQL', of: 'tessera on PostgreSQL' }
const flood = { table: 'server: 500 logins at once, p99' }
const keys = { table: 'verify, as the keys grow' }
/** At most twice as slow with ten times as much. */
const tenfold = { of: countRow(many), against: countRow(few), atLeast: 0.5 }

/** @type {Target[]} */
export const targets = [
  { ...standard, against: 'fast-jwt', atLeast: 2.5, onNode20: 2.3 },
  { ...standard, against: 'jsonwebtoken, KeyObject', atLeast: 3.5 },
  { ...standard, against: 'jsonwebtoken, text secret', atLeast: 12 },
  { ...standard, against: 'jose, 64 in flight', atLeast: 4.5 },
  { ...standard, against: bareHmac, atLeast: 1 },
  { ...standard, of: 'tessera without WebAssembly', against: 'fast-jwt', atLeast: 2.1, onNode20: 1.9 },
  { table: 'HS256 verify, tiny token', of: ours, against: 'fast-jwt', atLeast: 4 },
  { table: 'HS256 verify, big token', of: ours, against: 'fast-jwt', atLeast: 1.7 },
  { table: 'HS256 sign', of: ours, against: 'fast-jwt', atLeast: 2.5 },
  { table: 'decode without verifying', of: ours, against: 'fast-jwt', atLeast: 2.2 },
  { table: 'decode without verifying', of: ours, against: 'jsonwebtoken', atLeast: 3.5 },
  { table: 'HS256 refuse, bad signature', of: 'tessera, as a value', against: 'fast-jwt', atLeast: 15 },
  { table: 'HS256 refuse, bad signature', of: ours, against: 'fast-jwt', atLeast: 4 },
  { table: 'RS256 verify', of: ours, against: bareVerify, atLeast: 0.9 },
  { table: 'RS256 verify', of: ours, against: bestPeer, atLeast: 1 },
  { table: 'PS256 verify', of: ours, against: bareVerify, atLeast: 0.9 },
  { table: 'PS256 verify', of: ours, against: bestPeer, atLeast: 1 },
  { table: 'ES256 verify', of: ours, against: bareVerify, atLeast: 0.95 },
  { table: 'ES256 verify', of: ours, against: bestScriptPeer, atLeast: 1 },
  { table: 'ES256 verify', of: ours, against: bestPeer, atLeast: 1.15, runtimes: ['node24'] },
  { table: 'Ed25519 verify', of: ours, against: bareVerify, atLeast: 0.95 },
  { table: 'Ed25519 verify', of: ours, against: bestScriptPeer, atLeast: 1 },
  { table: 'ES256 verify', of: withTables, against: bareVerify, atLeast: 1.3 },
  { table: 'ES256 verify', of: withTables, against: bestPeer, atLeast: 1.15 },
  { table: 'Ed25519 verify', of: withTables, against: bareVerify, atLeast: 2 },
  { table: 'Ed25519 verify', of: withTables, against: bestPeer, atLeast: 1 },
  { table: 'ES256 sign', of: ours, against: bestPeer, atLeast: 1 },
  { table: 'cache hit', of: 'tessera, HS256 cached', against: 'fast-jwt, cache', atLeast: 6 },
  { table: 'cache hit', of: 'tessera, ES256 cached', against: 'fast-jwt, cache', atLeast: 6 },
  { ...http, of: 'tessera', against: 'unguarded', atLeast: 0.85 },
  { ...http, of: '@tessera/guard', against: 'unguarded', atLeast: 0.85 },
  { table: 'cold process: load and first verify', of: ours, against: 'fast-jwt', atLeast: 2 },
  // Time per byte: as flat as measuring can tell.
  { ...growth, of: lengthRow(ours, 1024), against: lengthRow(ours, 280), scale: 1024 / 280, atLeast: 0.9 },
  { ...growth, of: lengthRow(ours, 4096), against: lengthRow(ours, 1024), scale: 4, atLeast: 0.9 },
  { ...growth, of: lengthRow(ours, 16_384), against: lengthRow(ours, 4096), scale: 4, atLeast: 0.9 },
  { ...keys, of: 'ES256, 1,000 keys', against: 'ES256, 1 key', atLeast: 0.9 },
  { ...keys, of: 'HS256, 1,000 issuers', against: 'HS256, 1 issuer', atLeast: 0.9, own: true },
  { table: 'memory of a cached token', of: ours, atMost: 800 },
  { table: 'server: refresh', of: ours, against: 'oidc-provider', atLeast: 5 },
  { table: 'server: refresh', of: ours, against: 'hand-rolled', atLeast: 4 },
  { table: 'server: refresh', of: ours, against: 'limit of the parts', atLeast: 0.6 },
  { ...onPostgres, against: 'oidc-provider on PostgreSQL', atLeast: 3 },
  { ...onPostgres, against: 'hand-rolled on PostgreSQL', atLeast: 3 },
  { table: 'server: session check', of: ours, against: 'better-auth', atLeast: 15 },
  { table: 'server: session check', of: ours, against: 'express-session on Redis', atLeast: 1.8 },
  { table: 'server: session check', of: ours, against: 'hand-rolled', atLeast: 1 },
  { table: 'server: log-out', of: ours, against: 'oidc-provider', atLeast: 3 },
  { table: 'server: JWK Set', of: ours, against: 'better-auth', atLeast: 25 },
  { table: 'server: JWK Set', of: ours, against: 'bare Hono GET', atLeast: 0.9 },
  { table: 'server: login', of: ours, against: 'Argon2 alone', atLeast: 0.9 },
  { table: 'server: login', of: ours, against: 'better-auth', atLeast: 1.25 },
  { ...flood, of: 'tessera, health', atMost: 150 },
  { ...flood, of: 'tessera, guarded', atMost: 150 },
  { ...flood, of: 'tessera, refresh', atMost: 150 },
  { table: 'server: 500 logins at once, memory', of: ours, atMost: 200 },
  { table: 'growth: login', ...tenfold },
  { table: 'growth: refresh', ...tenfold },
  { table: 'growth: list of sessions', ...tenfold },
  { table: 'growth: revoke', ...tenfold },
  { table: 'growth: bytes of a session', of: countRow(many), atMost: 400 },
  { table: 'growth on PostgreSQL: login', ...tenfold },
  { table: 'growth on PostgreSQL: refresh', ...tenfold },
  { table: 'growth on PostgreSQL: list of sessions', ...tenfold },
  { table: 'growth on PostgreSQL: revoke', ...tenfold },
]
