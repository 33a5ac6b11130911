// @ts-check
/** The rows that a database is filled with, as the server makes them, and what a client has of one. */
import { deriveServerSecrets } from '../../packages/server/dist/keys/server-secrets.js'
import { fromSession, fromUser, toSession } from '../../packages/server/dist/store/rows.js'
import { beginSession } from '../../packages/server/dist/tokens/begin-session.js'
import { mintRefreshToken } from '../../packages/server/dist/tokens/refresh-token.js'

/** @typedef {{ username: string, refreshToken: string }} Sample */

export const secretText = 'a secret of the benchmark, of 32 bytes or more'
const secrets = deriveServerSecrets([secretText])
const day = 86_400

/** @param {any} row of a session, with the name of its user @returns {Sample} */
export function sampleOf(row) {
  return { username: row.username, refreshToken: mintRefreshToken(toSession(row), secrets) }
}

export const userRow = fromUser({
  id: '',
  username: '',
  usernameNormalised: '',
  // As long as a hash of Argon2id is.
  passwordHash: `$argon2id$v=19$m=19456,t=2,p=1$${'s'.repeat(22)}$${'h'.repeat(43)}`,
  credentialVersion: 1,
  roles: [],
  scope: 'account',
  email: null,
  emailVerifiedAt: null,
  createdAt: Math.floor(Date.now() / 1000),
  disabledAt: null,
})

/** @param {string} epoch */
export function sessionRow(epoch) {
  const rules = { secrets, epoch, idleSeconds: 14 * day, absoluteSeconds: 90 * day, nowMs: Date.now }
  return fromSession(
    beginSession(rules, {
      user: { id: '', credentialVersion: 1 },
      label: 'Firefox 140 on Linux',
      addressPrefix: '203.0.113.0/24',
      transport: 'body',
      scope: 'account',
    }),
  )
}
