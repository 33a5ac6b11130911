/** A client of a test server, registered as `tessera clients add` does. */
import type { NewClient } from '../src/clients/client-administration.ts'
import { createClientAdministration } from '../src/clients/client-administration.ts'
import type { ClientAdministration } from '../src/clients/client-administration.ts'
import type { TestServer } from './create-test-server.ts'
import { issuer } from './create-test-server.ts'

export function clientsOf(server: TestServer): ClientAdministration {
  const { store, nowMs } = server
  return createClientAdministration({ store, defaultAudience: issuer, keepSeconds: 660, nowMs })
}

/** Registers a client, and gives its id and its secret (empty where it has keys). */
export async function registerClient(
  server: TestServer,
  wanted: Partial<NewClient> = {},
): Promise<{ clientId: string; secret: string }> {
  const client = { clientId: 'billing', scope: 'orders:read orders:write', ...wanted }
  const result = await clientsOf(server).add(client)
  if (result.status !== 'added') throw new Error(`expected a client, got ${JSON.stringify(result)}`)
  return { clientId: client.clientId, secret: result.secret ?? '' }
}

/** The `Authorization` header of a client's secret (RFC 6749 §2.3.1). */
export function basic(clientId: string, secret: string): { authorization: string } {
  const pair = `${encodeURIComponent(clientId)}:${encodeURIComponent(secret)}`
  return { authorization: `Basic ${Buffer.from(pair).toString('base64')}` }
}
