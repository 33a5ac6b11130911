/**
 * Follows an issuer's revocation feed beside the requests, so that verification asks a set in memory and nobody else. A
 * stream of events where it comes through, polling where it does not. What the guard knows is current for a stated bound;
 * beyond it the guard does what its option `onStale` says.
 */
import type { ClaimsSet } from '@tessera/jose'
import { revocationSet } from '../revocations.ts'
import type { RevocationSource } from '../revocations.ts'
import type { FeedDocument } from './document.ts'
import { createDocumentReader } from './document.ts'
import { readEvents } from './event-stream.ts'
import type { FollowRevocationsOptions } from './follow-options.ts'
import { readFollowOptions } from './follow-options.ts'
import type { Pause } from './pause.ts'
import { createSilence, pause, unlessAborted } from './pause.ts'

export interface FeedStatus {
  readonly current: boolean
  /** How old what is known is, in seconds; infinite before the first reading. */
  readonly lagSeconds: number
  readonly entries: number
  readonly transport: 'stream' | 'poll'
}

/** A source of revocations that keeps itself up to date. */
export interface RevocationFollower extends RevocationSource {
  readonly issuer: string
  /** Resolves when all that was revoked so far is known. */
  readonly ready: Promise<void>
  /** For readiness and metrics. */
  status(): FeedStatus
  /** Stops following. */
  close(): void
}

/** Attempts after a failure wait this long, doubled each time, up to a third of the bound. */
const firstPauseMs = 250
const requestMs = 10_000
/** A stream that broke, with a restart of the server for example, is tried again after this time of polling. */
const retryStreamSeconds = 300

/**
 * Begins to follow.
 *
 * @throws {JoseError} `option_invalid`
 */
export function followRevocations(options: FollowRevocationsOptions): RevocationFollower {
  return followWith(options, pause)
}

/** @internal with another way of waiting, for tests */
export function followWith(options: FollowRevocationsOptions, wait: Pause): RevocationFollower {
  const settings = readFollowOptions(options)
  const { boundSeconds, monotonic, now, onError } = settings
  const set = revocationSet({ maximumEntries: settings.maximumEntries, now })
  const reader = createDocumentReader({ issuer: settings.issuer, keys: settings.keys, now })
  const stopping = new AbortController()
  let transport = settings.transport
  let cursor: string | undefined
  /** When the newest document was signed that told all, and how that reads on the monotonic clock. */
  let newest = -Infinity
  let knownAt = -Infinity
  /** Whether the last stream was ended because nothing came any more. */
  let fellSilent = false
  /** When the stream was given up for polling, on the monotonic clock. */
  let pollingSince = 0
  let tellReady: () => void = () => undefined
  const ready = new Promise<void>((resolve) => (tellReady = resolve))

  const take = async (text: string): Promise<FeedDocument> => {
    const document = await reader.read(text, cursor)
    for (const entry of document.entries) set.add(entry)
    cursor = document.next
    if (!document.more && document.issuedAt > newest) {
      // The age of the news counts from the issuer's own time, and then on a clock that nobody can set: the same document
      // once more is no news, whatever the wall clock says by now.
      newest = document.issuedAt
      knownAt = monotonic() - Math.max(0, now() - newest)
      tellReady()
    }
    return document
  }
  const lagSeconds = (): number => Math.max(0, monotonic() - knownAt)
  const isCurrent = (): boolean => lagSeconds() <= boundSeconds && set.isCurrent()

  const readDocument = async (signal: AbortSignal): Promise<string> => {
    const response = await settings.fetch(urlWith(settings.url, cursor), { signal, redirect: 'error' })
    if (response.status !== 200)
      throw new Error(`revocation feed: expected status 200, got ${response.status}`)
    return response.text()
  }

  const poll = async (): Promise<void> => {
    const silence = createSilence(requestMs, stopping.signal)
    try {
      let document: FeedDocument
      do {
        document = await take(await unlessAborted(readDocument(silence.signal), silence.signal))
      } while (document.more)
    } finally {
      silence.close()
    }
  }

  /** Ends when the stream does. A proxy that keeps events back looks like a stream without any. */
  const stream = async (): Promise<void> => {
    const silence = createSilence((boundSeconds * 1000) / 2, stopping.signal)
    try {
      const headers = { accept: 'text/event-stream' }
      const { signal } = silence
      const request = { headers, signal, redirect: 'error' as const }
      const response = await unlessAborted(settings.fetch(urlWith(settings.url, cursor), request), signal)
      if (response.status !== 200 || response.body === null)
        throw new Error(`revocation feed: expected a stream, got status ${response.status}`)
      for await (const data of readEvents(response.body, signal)) {
        await take(data)
        silence.heard()
      }
    } finally {
      fellSilent = silence.signal.aborted
      silence.close()
    }
  }

  const toggle = (): void => {
    transport = transport === 'stream' ? 'poll' : 'stream'
    pollingSince = monotonic()
  }
  const hasPolledLong = (): boolean =>
    transport === 'poll' && monotonic() - pollingSince >= retryStreamSeconds

  const longestPauseMs = (boundSeconds * 1000) / 3

  const follow = async (): Promise<void> => {
    let failures = 0
    while (!stopping.signal.aborted) {
      const before = knownAt
      try {
        await (transport === 'stream' ? stream() : poll())
      } catch (error) {
        if (stopping.signal.aborted) return
        report(onError, error)
      }
      failures = knownAt > before && !fellSilent ? 0 : failures + 1
      fellSilent = false
      const pauseMs = failures > 0 ? firstPauseMs * 2 ** Math.min(failures, 8) : longestPauseMs
      const isOver = transport === 'poll' || failures > 0
      // A stream that brings nothing, or nothing more: polling may, through the same proxy.
      if (settings.transport === 'stream' && (failures > 0 || hasPolledLong())) toggle()
      if (isOver) await wait(Math.min(longestPauseMs, pauseMs), stopping.signal)
    }
  }
  void follow()
  return {
    issuer: settings.issuer,
    isRevoked: (claims: ClaimsSet, kid?: string) => set.isRevoked(claims, kid),
    isCurrent,
    ready,
    status: () => ({ current: isCurrent(), lagSeconds: lagSeconds(), entries: set.size, transport }),
    close: () => stopping.abort(),
  }
}

function urlWith(url: string, cursor: string | undefined): string {
  return cursor === undefined ? url : `${url}?since=${encodeURIComponent(cursor)}`
}

function report(onError: ((error: unknown) => void) | undefined, error: unknown): void {
  try {
    onError?.(error)
  } catch {
    // The hook is for diagnosis only; there is nobody else to tell.
  }
}
