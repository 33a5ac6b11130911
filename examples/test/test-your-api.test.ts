import { createRemoteJwkSet } from '@tessera/jose'
import { createTestIssuer, formatReport } from '@tessera/jose/testing'
import type { TestIssuer } from '@tessera/jose/testing'
import { beforeEach, describe, expect, test } from 'vitest'
import { attackApi, createApi, withToken } from '../test-your-api.ts'

let issuer: TestIssuer
let api: ReturnType<typeof createApi>

beforeEach(async () => {
  issuer = await createTestIssuer({ claims: { scope: 'orders:read' } })
  api = createApi(issuer.trust)
})

/** Status and code of the answer to a token. */
async function answer(token: string): Promise<string> {
  const response = await api(withToken(token))
  const { code = 'ok' } = (await response.json()) as { code?: string }
  return `${response.status} ${code}`
}

test('lets in who may read orders', async () => {
  expect(await answer(await issuer.sign())).toBe('200 ok')
  expect(await answer(await issuer.sign({ scope: 'orders:write' }))).toBe('403 insufficient_scope')
})

describe('refuses', () => {
  test.each([
    ['expired', '401 expired'],
    ['notYetValid', '401 not_yet_valid'],
    ['wrongAudience', '401 claim_invalid'],
    ['wrongIssuer', '401 claim_invalid'],
    ['wrongKey', '401 bad_signature'],
    ['unknownKey', '401 key_not_found'],
  ] as const)('a token that is %s', async (fault, expected) => {
    expect(await answer(await issuer[fault]())).toBe(expected)
  })

  test('a token that says that it is not signed', async () => {
    expect(await answer(await issuer.forge('alg-none'))).toBe('401 alg_not_allowed')
  })
})

test('a token lives ten minutes', async () => {
  const token = await issuer.sign()
  issuer.clock.advance(599)
  expect(await answer(token)).toBe('200 ok')
  issuer.clock.advance(1)
  expect(await answer(token)).toBe('401 expired')
})

test('an outage of the issuer is not the fault of the token', async () => {
  const { fetch, trust } = issuer
  api = createApi({ ...trust, keys: createRemoteJwkSet({ issuer: issuer.issuer }, { fetch }) })
  issuer.jwksDown()
  expect(await answer(await issuer.sign())).toBe('503 keys_unavailable')
})

test('a rotation goes unnoticed', async () => {
  const { fetch, trust } = issuer
  api = createApi({ ...trust, keys: createRemoteJwkSet({ issuer: issuer.issuer }, { fetch }) })
  expect(await answer(await issuer.sign())).toBe('200 ok')
  await issuer.rotate()
  expect(await answer(await issuer.sign())).toBe('200 ok')
})

test('withstands every published attack on tokens', async () => {
  const report = await attackApi(api, issuer)
  expect(formatReport(report)).toMatch(/^[45]\d\d attacks: .* 0 accepted; \d+ good tokens: .* 0 refused/)
  expect(report.fetched).toEqual([])
})
