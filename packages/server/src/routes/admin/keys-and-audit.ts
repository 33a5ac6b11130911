/** `/admin/keys` and `/admin/audit`: what signs, and what was done. */
import { problem } from '@tessera/guard'
import { jsonAnswer, noContent, problemAnswer } from '../../http/answer.ts'
import type { SigningKeys } from '../../keys/signing-keys.ts'
import type { StoredAuditEvent } from '../../store/store.ts'
import type { Endpoint } from '../desk.ts'
import { adminEndpoint, notCursor, notFound, pageAnswer, readPage } from './admin-endpoint.ts'

export const listKeys: Endpoint = adminEndpoint(undefined, async ({ admin }) =>
  jsonAnswer(200, { keys: (await admin.keys.list()).map(admin.keys.show) }),
)

/** @param keys Those of access tokens: this process signs with the new one when it answers. */
export function rotateKeys(keys: SigningKeys): Endpoint {
  return adminEndpoint('key.rotate', async ({ admin, config }) => {
    const result = await admin.keys.rotate(config.algorithm, 'access')
    if (result.status === 'rotated') {
      await keys.follow()
      const { active, retired, next } = result
      return jsonAnswer(200, { active, retired, next })
    }
    const detail =
      result.status === 'too_early'
        ? `the next key is not known to every verifier before ${result.possibleAt}`
        : 'there are no keys to rotate: the secret is shared'
    return problemAnswer(problem('request_invalid', detail, { status: 409 }))
  })
}

/** @param all Those that it may be one of: this process neither signs with it nor believes it any more when it answers. */
export function revokeKey(all: readonly SigningKeys[]): Endpoint {
  return adminEndpoint('key.revoke', async ({ admin, revocations }, { path }) => {
    const result = await admin.keys.revoke(path['kid'] ?? '')
    if (result.status !== 'revoked') return notFound('key, or it is gone already')
    for (const keys of all) await keys.follow()
    await revocations.follow()
    return noContent
  })
}

/** Newest first; `after` is the id of the last line of the page before. */
export const listAudit: Endpoint = adminEndpoint(undefined, async ({ store }, exchange) => {
  const read = readPage(exchange)
  if (!read.ok) return read.answer
  const { after, limit } = read.page
  if (after !== undefined && !/^\d{1,15}$/.test(after)) return notCursor
  const userId = new URL(exchange.request.url).searchParams.get('user_id') ?? undefined
  const events = await store.audit.list({
    limit,
    ...(after !== undefined && { before: Number(after) }),
    ...(userId !== undefined && { userId }),
  })
  return pageAnswer('events', events, { limit, cursorOf: ({ id }) => String(id), show: shownEvent })
})

function shownEvent(event: StoredAuditEvent): object {
  return {
    id: event.id,
    at: event.atMs / 1000,
    event: event.event,
    user_id: event.userId ?? null,
    session_id: event.sid ?? null,
    address_prefix: event.addressPrefix ?? null,
    detail: event.detail ?? {},
  }
}
