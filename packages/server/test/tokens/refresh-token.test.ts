import { expect, test } from 'vitest'
import { deriveServerSecrets } from '../../src/keys/server-secrets.ts'
import type { Session } from '../../src/store/store.ts'
import { isAuthentic, mintRefreshToken, parseRefreshToken } from '../../src/tokens/refresh-token.ts'

const secrets = deriveServerSecrets(['a secret of the tests, of 32 bytes or more'])
const session = {
  sid: 'AAAAAAAAAAAAAAAAAAAAAA',
  macNonce: 'BBBBBBBBBBBBBBBBBBBBBB',
  generation: 7,
  macFromGeneration: 0,
  macKid: secrets.current.kid,
} as Session

// Tokens live for months: whoever changes how they are made signs everybody out.
test.each([
  [{ clientId: 'tessera', userId: 'CCCCCCCCCCCCCCCCCCCCCC' }, 'rgCD8zPXBhzYEPbCUw4TyDVhKO3-T12ylpjYETPLRwA'],
  [{ clientId: 'a "quoted\\" client', userId: '에이다' }, 'NJ6xnFCpD1ErxZYwilfyzTOVxa1s_15gP6SrPH5ALGw'],
])('a token is the one that every version before made: %o', (owner, mac) => {
  const text = `rt_y8UomYHj.AAAAAAAAAAAAAAAAAAAAAA.7.${mac}`
  const owned = { ...session, ...owner }
  expect(mintRefreshToken(owned, secrets)).toBe(text)
  const parsed = parseRefreshToken(text)!
  expect(isAuthentic(parsed, owned, secrets)).toBe(true)
  for (const change of [{ clientId: 'b' }, { userId: 'D' }, { macNonce: 'BBBBBBBBBBBBBBBBBBBBBA' }]) {
    expect(isAuthentic(parsed, { ...owned, ...change }, secrets)).toBe(false)
  }
  expect(isAuthentic({ ...parsed, generation: 6 }, owned, secrets)).toBe(false)
})
