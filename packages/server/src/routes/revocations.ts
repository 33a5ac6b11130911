/** `GET /revocations`: the signed feed by cursor; at once, after a wait, or as a stream of events. */
import { problem } from '@tessera/guard'
import type { Answer } from '../http/answer.ts'
import { problemAnswer, waitProblem } from '../http/answer.ts'
import type { FeedPage, RevocationFeed } from '../tokens/revocation-feed.ts'
import type { Endpoint, Exchange } from './desk.ts'

/** A document at least so often: a guard's bound is three times this, or more (P12). */
const heartbeatMs = 5000

/** A cursor is shorter; longer texts are none. */
const longestCursor = 128
const longestWaitSeconds = 25

/** Streams open at once: from one address prefix, and in all (P31). */
const mostPerPrefix = 64
const mostStreams = 10_000
/** Requests that wait at once: a quarter of all that are under way. Whoever comes then is answered without waiting. */
const mostWaits = 1024

const headers = {
  'cache-control': 'no-store, no-transform',
  'access-control-allow-origin': '*',
} as const

export function revocationsEndpoint(): Endpoint {
  const streams = countPlaces(mostStreams)
  const waits = countPlaces(mostWaits)
  return async ({ feed }, exchange) => {
    const { searchParams } = new URL(exchange.request.url)
    const since = exchange.request.headers.get('last-event-id') ?? searchParams.get('since') ?? undefined
    if (since !== undefined && since.length > longestCursor) {
      return problemAnswer(
        problem('request_invalid', 'since: expected a cursor of this feed, got a longer text'),
      )
    }
    if (wantsStream(exchange)) return stream(feed, streams, { since, prefix: exchange.addressPrefix })
    const wait = readWait(searchParams.get('wait'))
    if (wait === undefined) {
      return problemAnswer(
        problem(
          'request_invalid',
          `wait: expected whole seconds up to ${longestWaitSeconds}, got another text`,
        ),
      )
    }
    const leave = wait === 0 ? undefined : waits.take(exchange.addressPrefix)
    const page = await readAfter(feed, since, leave === undefined ? 0 : wait * 1000).finally(leave)
    return documentAnswer(page, exchange)
  }
}

function wantsStream({ request }: Exchange): boolean {
  return request.headers.get('accept')?.includes('text/event-stream') ?? false
}

function readWait(text: string | null): number | undefined {
  if (text === null) return 0
  return /^\d{1,2}$/.test(text) && Number(text) <= longestWaitSeconds ? Number(text) : undefined
}

/** The document, when it has entries or the wait is over. */
async function readAfter(feed: RevocationFeed, since: string | undefined, waitMs: number): Promise<FeedPage> {
  const page = await feed.read(since)
  if (!page.isEmpty || waitMs === 0 || feed.isClosed) return page
  await feed.changed(page, waitMs)
  return feed.read(since)
}

function documentAnswer({ token, known, isEmpty }: FeedPage, { request }: Exchange): Answer {
  // Weak: a later document of the same entries differs in its time. A guard never takes 304 for news.
  const etag = `W/"${known}"`
  const tagged = { ...headers, etag }
  if (isEmpty && request.headers.get('if-none-match') === etag) {
    return { status: 304, headers: tagged, body: null }
  }
  return { status: 200, headers: { ...tagged, 'content-type': 'application/jwt' }, body: token }
}

interface Places {
  /** Takes a place; gives what gives it back, or undefined when there is none. */
  take(prefix: string): (() => void) | undefined
}

function countPlaces(most: number): Places {
  const open = new Map<string, number>()
  let all = 0
  return {
    take: (prefix) => {
      const own = open.get(prefix) ?? 0
      if (own >= mostPerPrefix || all >= most) return undefined
      open.set(prefix, own + 1)
      all += 1
      let isGiven = false
      return () => {
        if (isGiven) return
        isGiven = true
        all -= 1
        const left = (open.get(prefix) ?? 1) - 1
        if (left > 0) open.set(prefix, left)
        else open.delete(prefix)
      }
    },
  }
}

function stream(
  feed: RevocationFeed,
  streams: Places,
  { since, prefix }: { since: string | undefined; prefix: string },
): Answer {
  const giveBack = streams.take(prefix)
  if (giveBack === undefined) {
    return problemAnswer(waitProblem('overloaded', 'too many streams are open: read the feed by polling', 5))
  }
  return {
    status: 200,
    headers: { ...headers, 'content-type': 'text/event-stream', 'x-accel-buffering': 'no' },
    body: eventStream(feed, since, giveBack),
  }
}

/**
 * One event for each document. The first comes at once, so that whoever connects knows where he stands. A reading that ends
 * where it began has told all there is: on PostgreSQL an open transaction keeps the place for as long as it lasts, and what
 * was committed behind it would be told over and over.
 */
function eventStream(
  feed: RevocationFeed,
  since: string | undefined,
  giveBack: () => void,
): ReadableStream<Uint8Array<ArrayBuffer>> {
  const encoder = new TextEncoder()
  let cursor = since
  let begun = since
  let last: FeedPage | undefined
  let stands = false
  let isCancelled = false
  return new ReadableStream({
    async pull(controller) {
      try {
        let page = stands && last !== undefined ? last : await feed.read(cursor)
        if (stands || (last !== undefined && page.isEmpty && !page.more)) {
          await feed.changed(page, heartbeatMs)
          page = await feed.read(cursor)
        }
        if (isCancelled) return
        if (feed.isClosed) {
          giveBack()
          controller.close()
          return
        }
        last = page
        cursor = page.next
        stands = !page.more && page.next === begun
        if (!page.more) begun = page.next
        controller.enqueue(encoder.encode(`id: ${page.next}\ndata: ${page.token}\n\n`))
      } catch (error) {
        giveBack()
        controller.error(error)
      }
    },
    cancel: () => {
      isCancelled = true
      giveBack()
    },
  })
}
