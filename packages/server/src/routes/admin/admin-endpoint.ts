/** What every endpoint of the administration has in common: who may come in, pages, and a line in the audit trail. */
import { problem } from '@tessera/guard'
import type { Answer } from '../../http/answer.ts'
import { jsonAnswer, problemAnswer } from '../../http/answer.ts'
import type { Desk, Endpoint, Exchange } from '../desk.ts'

/**
 * Lets administrators in, and nobody else.
 *
 * @param action What is done, for the audit trail; undefined where nothing is changed
 */
export function adminEndpoint(
  action: string | undefined,
  act: (desk: Desk, exchange: Exchange) => Promise<Answer>,
): Endpoint {
  return async (desk, exchange) => {
    const entry = await desk.adminDoor.admit(exchange.request)
    if (!entry.ok) return problemAnswer(entry.problem)
    if (action !== undefined) {
      // Written before it is done: what was tried is known too.
      const { addressPrefix, path } = exchange
      const detail = { action, ...withoutSecrets(path) }
      const event = {
        atMs: desk.nowMs(),
        event: 'admin.action' as const,
        userId: entry.userId,
        addressPrefix,
        detail,
      }
      await desk.store.audit.append(event)
    }
    return act(desk, exchange)
  }
}

/** A token that somebody took for an id is not kept for everybody who reads the trail. */
function withoutSecrets(path: Exchange['path']): Record<string, string> {
  const isSecret = (part: string): boolean => /^(?:rt|tk|ot|cs)_|^ey[\w-]*\./.test(part)
  return Object.fromEntries(Object.entries(path).map(([name, part]) => [name, isSecret(part) ? '*' : part]))
}

export interface Page {
  readonly after: string | undefined
  readonly limit: number
}

export type ReadPage =
  | { readonly ok: true; readonly page: Page }
  | { readonly ok: false; readonly answer: Answer }

const mostRows = 500

/** `?after=` the `next` of the page before, `?limit=` up to 500. Default 100. */
export function readPage({ request }: Exchange): ReadPage {
  const { searchParams } = new URL(request.url)
  const limit = searchParams.get('limit') ?? '100'
  const isNumber = /^[1-9]\d{0,2}$/.test(limit) && Number(limit) <= mostRows
  if (isNumber && !/%00/.test(request.url))
    return { ok: true, page: { after: searchParams.get('after') ?? undefined, limit: Number(limit) } }
  const detail = `expected a limit from 1 to ${mostRows}, and no NUL characters`
  return { ok: false, answer: problemAnswer(problem('request_invalid', detail)) }
}

/** The answer to an `after` that no page told. */
export const notCursor: Answer = problemAnswer(
  problem('request_invalid', 'after: expected the "next" of a page, got another text'),
)

/** A page and the cursor of the one after it, where there may be one. */
export function pageAnswer<Row>(
  name: string,
  rows: readonly Row[],
  { limit, cursorOf, show }: { limit: number; cursorOf: (row: Row) => string; show: (row: Row) => object },
): Answer {
  const last = rows.length === limit ? rows.at(-1) : undefined
  return jsonAnswer(200, {
    [name]: rows.map(show),
    ...(last !== undefined && { next: cursorOf(last) }),
  })
}

export function notFound(what: string): Answer {
  return problemAnswer(problem('not_found', `there is no such ${what}`))
}
