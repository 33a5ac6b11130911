/** `/admin/clients`: programs that get tokens of their own. */
import { problem } from '@tessera/guard'
import type { JwkSet } from '@tessera/jose'
import { z } from 'zod'
import { jsonAnswer, noContent, problemAnswer } from '../../http/answer.ts'
import { readJson } from '../../http/read-body.ts'
import type { Endpoint } from '../desk.ts'
import { adminEndpoint, notFound, pageAnswer, readPage } from './admin-endpoint.ts'

export const newClientBody: z.ZodObject<{
  client_id: z.ZodString
  name: z.ZodOptional<z.ZodString>
  scope: z.ZodOptional<z.ZodString>
  audiences: z.ZodOptional<z.ZodArray<z.ZodString>>
  roles: z.ZodOptional<z.ZodArray<z.ZodString>>
  jwks: z.ZodOptional<z.ZodObject<{ keys: z.ZodArray<z.ZodRecord<z.ZodString, z.ZodUnknown>> }>>
}> = z.object({
  client_id: z.string(),
  name: z.string().optional(),
  scope: z.string().optional(),
  audiences: z.array(z.string()).optional(),
  roles: z.array(z.string()).optional(),
  jwks: z.object({ keys: z.array(z.record(z.string(), z.unknown())) }).optional(),
})

export const listClients: Endpoint = adminEndpoint(undefined, async ({ admin }, exchange) => {
  const read = readPage(exchange)
  if (!read.ok) return read.answer
  const { after, limit } = read.page
  const clients = await admin.clients.list({ ...(after !== undefined && { after }), limit })
  return pageAnswer('clients', clients, {
    limit,
    cursorOf: (client) => client.clientId,
    show: admin.clients.show,
  })
})

/** The secret is in this answer, and in no other. */
export const addClient: Endpoint = adminEndpoint('client.add', async ({ admin }, { request }) => {
  const body = await readJson(request, newClientBody)
  if (!body.ok) return problemAnswer(body.problem)
  const { client_id: clientId, name, scope, audiences, roles, jwks } = body.value
  const result = await admin.clients.add({
    clientId,
    ...(name !== undefined && { name }),
    ...(scope !== undefined && { scope }),
    ...(audiences !== undefined && { audiences }),
    ...(roles !== undefined && { roles }),
    // Judged by `add`, key by key.
    ...(jwks !== undefined && { jwkSet: jwks as unknown as JwkSet }),
  })
  if (result.status === 'taken') return problemAnswer(problem('username_taken', 'the client id is taken'))
  if (result.status === 'invalid') return problemAnswer(problem('body_invalid', result.why))
  const { client, secret } = result
  return jsonAnswer(201, {
    ...admin.clients.show(client),
    ...(secret !== undefined && { client_secret: secret }),
  })
})

/** The old secret is good no more; tokens that it got are. */
export const rotateClientSecret: Endpoint = adminEndpoint(
  'client.rotate_secret',
  async ({ admin, store }, { path }) => {
    const clientId = path['id'] ?? ''
    const secret = await admin.clients.rotateSecret(clientId)
    const client = secret === undefined ? undefined : await store.clients.find(clientId)
    if (client === undefined) return notFound('client that has a secret')
    return jsonAnswer(200, { ...admin.clients.show(client), client_secret: secret })
  },
)

export const revokeClient: Endpoint = adminEndpoint(
  'client.revoke',
  async ({ admin, revocations }, { path }) => {
    const ended = await admin.clients.revoke(path['id'] ?? '')
    if (ended === undefined) return notFound('client, or it is revoked already')
    revocations.add(ended)
    return noContent
  },
)
