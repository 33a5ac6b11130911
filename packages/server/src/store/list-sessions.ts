/** The sessions of everybody, newest first: a page reads a bounded part of one index, however many there are. */
import { sql } from 'kysely'
import type { Kysely, RawBuilder } from 'kysely'
import { toSession } from './rows.ts'
import type { SessionPage, SessionPageRequest } from './store.ts'
import type { Tables } from './tables.ts'

/** Rows that one page looks at: where that many have ended in a row, the page is short, and the next goes on. */
const mostExamined = 1000

interface Place {
  readonly created_at: number
  readonly sid: string
}

/** @returns undefined for an `after` that is no cursor */
export async function listAllLive(
  db: Kysely<Tables>,
  { after, now, limit }: SessionPageRequest,
): Promise<SessionPage | undefined> {
  const start = after === undefined ? undefined : parseCursor(after)
  if (after !== undefined && start === undefined) return undefined
  const end = await lastExamined(db, start)
  const rows = await newestFirst(db, start)
    .innerJoin('users', 'users.id', 'sessions.user_id')
    .selectAll('sessions')
    .select('users.username')
    .$if(end !== undefined, (query) => query.where(compare('>=', end ?? start)))
    .where('ended_at', 'is', null)
    .where('idle_expires_at', '>', now)
    .where('absolute_expires_at', '>', now)
    .limit(limit)
    .execute()
  const sessions = rows.map((row) => ({ ...toSession(row), username: row.username }))
  const last = rows.length === limit ? rows.at(-1) : end
  return { sessions, ...(last !== undefined && { next: `${last.created_at}.${last.sid}` }) }
}

/** Where a page ends at the latest; undefined where there are fewer rows than that. */
function lastExamined(db: Kysely<Tables>, start: Place | undefined): Promise<Place | undefined> {
  return newestFirst(db, start)
    .select(['created_at', 'sid'])
    .offset(mostExamined - 1)
    .limit(1)
    .executeTakeFirst()
}

function newestFirst(db: Kysely<Tables>, start: Place | undefined) {
  return db
    .selectFrom('sessions')
    .$if(start !== undefined, (query) => query.where(compare('<', start)))
    .orderBy('sessions.created_at', 'desc')
    .orderBy('sessions.sid', 'desc')
}

/** One comparison of both columns, which an index of both can begin and end at. */
function compare(sign: '<' | '>=', place: Place | undefined): RawBuilder<boolean> {
  const { created_at, sid } = place ?? { created_at: 0, sid: '' }
  return sql`(sessions.created_at, sessions.sid) ${sql.raw(sign)} (${created_at}, ${sid})`
}

function parseCursor(text: string): Place | undefined {
  const [, createdAt, sid] = /^(\d{1,15})\.([\w-]{1,128})$/.exec(text) ?? []
  return createdAt === undefined || sid === undefined ? undefined : { created_at: Number(createdAt), sid }
}
