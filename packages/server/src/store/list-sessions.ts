/** The sessions of everybody, newest first: a page reads a bounded part of one index, however many there are. */
import { sql } from 'kysely'
import type { Kysely, RawBuilder } from 'kysely'
import { toSession } from './rows.ts'
import type { SessionPage, SessionPageRequest } from './store.ts'
import type { Tables } from './tables.ts'

/** Rows that one page looks at: where that many have ended in a row, the page is short, and the next goes on. */
const mostExamined = 2000

interface Place {
  readonly createdAt: number
  readonly sid: string
}

/** @returns undefined for an `after` that is no cursor */
export async function listAllLive(
  db: Kysely<Tables>,
  { after, now, limit }: SessionPageRequest,
): Promise<SessionPage | undefined> {
  const place = after === undefined ? undefined : parseCursor(after)
  if (after !== undefined && place === undefined) return undefined
  const examined = newestFirst(db, place).selectAll().limit(mostExamined).as('examined')
  const rows = await db
    .selectFrom(examined)
    .innerJoin('users', 'users.id', 'examined.user_id')
    .selectAll('examined')
    .select('users.username')
    .where('ended_at', 'is', null)
    .where('idle_expires_at', '>', now)
    .where('absolute_expires_at', '>', now)
    .orderBy('examined.created_at', 'desc')
    .orderBy('examined.sid', 'desc')
    .limit(limit)
    .execute()
  const sessions = rows.map((row) => ({ ...toSession(row), username: row.username }))
  const last = rows.length === limit ? rows.at(-1) : await lastExamined(db, place)
  return { sessions, ...(last !== undefined && { next: `${last.created_at}.${last.sid}` }) }
}

function newestFirst(db: Kysely<Tables>, place: Place | undefined) {
  return db
    .selectFrom('sessions')
    .$if(place !== undefined, (query) => query.where(isBefore(place ?? { createdAt: 0, sid: '' })))
    .orderBy('created_at', 'desc')
    .orderBy('sid', 'desc')
}

/** One comparison of both columns, which an index of both can begin at. */
function isBefore({ createdAt, sid }: Place): RawBuilder<boolean> {
  return sql`(created_at, sid) < (${createdAt}, ${sid})`
}

/** Where the next page begins; undefined where this one came to the end. */
function lastExamined(db: Kysely<Tables>, place: Place | undefined) {
  return newestFirst(db, place)
    .select(['created_at', 'sid'])
    .offset(mostExamined - 1)
    .limit(1)
    .executeTakeFirst()
}

function parseCursor(text: string): Place | undefined {
  const [, createdAt, sid] = /^(\d{1,15})\.([\w-]{1,128})$/.exec(text) ?? []
  return createdAt === undefined || sid === undefined ? undefined : { createdAt: Number(createdAt), sid }
}
