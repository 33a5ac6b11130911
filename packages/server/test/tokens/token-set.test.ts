import { expect, test } from 'vitest'
import type { TokenSet } from '../../src/tokens/token-set.ts'
import { tokenSetJson } from '../../src/tokens/token-set.ts'

const tokens: TokenSet = {
  access_token: 'eyJhbGciOiJFUzI1NiJ9.e30.AA-_',
  token_type: 'Bearer',
  expires_in: 600,
  refresh_token: 'rt_y8UomYHj.AAAAAAAAAAAAAAAAAAAAAA.7.rgCD8zPXBhzYEPbCUw4TyDVhKO3-T12ylpjYETPLRwA',
  refresh_expires_in: 0,
  scope: 'account orders:read "\\',
  session_id: 'AAAAAAAAAAAAAAAAAAAAAA',
}

test.each([tokens, { ...tokens, device_secret: 'dv_y8UomYHj.AAAAAAAAAAAAAAAAAAAAAA.1.AA' }])(
  'a token set goes out as JSON with all its members: %#',
  (all) => {
    expect(tokenSetJson(all)).toBe(JSON.stringify(all))
  },
)
