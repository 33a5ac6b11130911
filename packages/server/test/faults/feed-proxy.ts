/** A proxy between guards and the revocation feed that can be told to misbehave. Everything else goes through as it is. */
import { createServer } from 'node:http'
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'

export type Fault =
  | 'none'
  | 'replays'
  | 'truncates'
  | 'drops a page'
  | 'answers 304'
  | 'delays'
  | 'buffers events'
  | 'breaks off'

export interface FeedProxy {
  /** Where the feed seems to be. */
  readonly url: string
  fault: Fault
  /** Requests for documents, and for streams of events. */
  readonly seen: { documents: number; streams: number }
  close(): Promise<void>
}

/** Longer than any bound that is tried. */
const delayMs = 20_000

export async function startFeedProxy(issuer: string): Promise<FeedProxy> {
  const stopping = new AbortController()
  const recorded = new Map<string, string>()
  const proxy: { fault: Fault } = { fault: 'none' }
  const seen = { documents: 0, streams: 0 }

  const upstream = (path: string, init: RequestInit = {}): Promise<Response> =>
    fetch(issuer + path, { ...init, signal: stopping.signal })

  /** The document of the page after the one that was asked for. */
  const nextPage = async (text: string): Promise<string> => {
    const [, claims = ''] = text.split('.')
    const { next } = JSON.parse(Buffer.from(claims, 'base64url').toString()) as { next: string }
    return (await upstream(`/revocations?since=${next}`)).text()
  }

  const answerDocument = async (path: string, response: ServerResponse): Promise<void> => {
    seen.documents += 1
    if (proxy.fault === 'delays') await sleep(delayMs, undefined, { signal: stopping.signal })
    const text = await (await upstream(path)).text()
    const kept = recorded.get(path) ?? text
    recorded.set(path, kept)
    const { fault } = proxy
    response.setHeader('content-type', 'application/jwt')
    if (fault === 'answers 304') response.writeHead(304).end()
    else if (fault === 'replays') response.end([...recorded.values()][0])
    else if (fault === 'truncates') response.end(text.slice(0, text.length / 2))
    else if (fault === 'drops a page') response.end(await nextPage(text))
    else if (fault === 'breaks off') response.destroy()
    else response.end(text)
  }

  const answerStream = async (path: string, response: ServerResponse): Promise<void> => {
    seen.streams += 1
    if (proxy.fault === 'answers 304') return void response.writeHead(304).end()
    if (proxy.fault === 'breaks off') return void response.destroy()
    const { body } = await upstream(path, { headers: { accept: 'text/event-stream' } })
    response.writeHead(200, { 'content-type': 'text/event-stream' }).flushHeaders()
    const reader = body!.getReader()
    response.on('close', () => void reader.cancel().catch(() => undefined))
    for (let part = await reader.read(); !part.done; part = await reader.read()) {
      await passOn(Buffer.from(part.value).toString(), response)
    }
    response.end()
  }

  const passOn = async (text: string, response: ServerResponse): Promise<void> => {
    const { fault } = proxy
    // As nginx does with proxy_buffering on: nothing leaves before megabytes are there.
    if (fault === 'buffers events') return
    if (fault === 'answers 304' || fault === 'breaks off') return void response.destroy()
    if (fault === 'delays') await sleep(delayMs, undefined, { signal: stopping.signal })
    const first = recorded.get('stream') ?? text
    recorded.set('stream', first)
    if (fault === 'replays') response.write(first)
    else if (fault === 'truncates') response.write(`${text.slice(0, text.length / 2)}\n\n`)
    else if (fault !== 'drops a page') response.write(text)
  }

  const answer = async ({ url = '/', headers }: IncomingMessage, response: ServerResponse): Promise<void> => {
    const isFeed = url.split('?')[0] === '/revocations'
    if (!isFeed) return void response.end(await (await upstream(url)).text())
    return headers.accept?.includes('text/event-stream') === true
      ? answerStream(url, response)
      : answerDocument(url, response)
  }
  const server = createServer((request, response) => {
    answer(request, response).catch(() => response.destroy())
  }).listen(0, '127.0.0.1')
  await new Promise((resolve) => server.once('listening', resolve))
  return Object.assign(proxy, {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/revocations`,
    seen,
    close: async () => {
      stopping.abort()
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  })
}
