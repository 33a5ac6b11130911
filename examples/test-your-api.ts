/**
 * Test an API without a token server: an issuer that lives in the test, and every published attack on tokens.
 * The API is anything that takes a Request; `examples/test/test-your-api.test.ts` is what its tests look like.
 *
 *     node tools/run-example.js test-your-api
 */
import { fileURLToPath } from 'node:url'
import { guard } from '@tessera/guard/request'
import type { KeySet } from '@tessera/jose'
import { createTestIssuer, formatReport, runAttackCorpus } from '@tessera/jose/testing'
import type { AttackReport, TestIssuer } from '@tessera/jose/testing'

/** Whom the API trusts: from the configuration in production, from the test issuer in a test. */
export interface Trust {
  readonly issuer: string
  readonly audience: string
  readonly keys?: KeySet
  readonly now?: () => number
}

/** The API under test: one route, for those who may read orders. */
export function createApi(trust: Trust): (request: Request) => Promise<Response> {
  const check = guard({ ...trust, scopes: 'orders:read' })
  return async (request) => {
    const { auth, response } = await check(request)
    return response ?? Response.json({ orders: [], user: auth?.claims.sub })
  }
}

/** A request with a token. */
export function withToken(token: string): Request {
  return new Request('https://api.test/orders', { headers: { authorization: `Bearer ${token}` } })
}

/** Every attack of the corpus, sent to the API as a client would send it. */
export function attackApi(
  api: (request: Request) => Promise<Response>,
  issuer: TestIssuer,
): Promise<AttackReport> {
  const verify = async (token: string): Promise<boolean> => {
    const { status } = await api(withToken(token))
    return status === 200
  }
  return runAttackCorpus(verify, { issuer, asHeader: true })
}

async function main(): Promise<void> {
  const issuer = await createTestIssuer({ claims: { scope: 'orders:read' } })
  console.log(formatReport(await attackApi(createApi(issuer.trust), issuer)))
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await main()
