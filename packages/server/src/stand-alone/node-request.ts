/** A request of `node:http` as the server reads it: nothing is made of it that nobody asks for. */
import type { IncomingMessage } from 'node:http'
import type { Incoming, IncomingHeaders } from '../http/incoming.ts'
import { pathOf } from '../http/incoming.ts'

/** Undefined when its target or its host is none (RFC 9112 §3.2). */
export function fromNodeRequest(message: IncomingMessage): Incoming | undefined {
  const { method = 'GET', url: target = '/', headers } = message
  if (headers.host !== undefined && !isHost(headers.host)) return undefined
  const isPlain = plainTarget.test(target) && !dotSegment.test(target)
  const url = isPlain ? `http://localhost${target}` : normalisedUrl(target)
  if (url === undefined) return undefined
  return {
    method,
    url,
    // Of the target, where it is there: V8 puts the text of the URL together only for whoever reads it.
    path: pathOf(isPlain ? target : url),
    headers: headersOf(message),
    readBody: (limitBytes) => readBody(message, limitBytes),
  }
}

/** The characters of a path and query that the URL standard leaves as they are. */
const plainTarget = /^\/[!#$&-;=?-[\]_a-z~]*$/
const dotSegment = /\/\.\.?(?:[/?#]|$)/
const plainHost = /^[a-z0-9.-]+(?::\d{1,5})?$/i

function normalisedUrl(target: string): string | undefined {
  // A backslash is a slash to the URL standard, and none to whoever stands in front of this server.
  if (/^[^?]*\\/.test(target)) return undefined
  const absolute = target.startsWith('/') ? `http://localhost${target}` : target
  return /^https?:\/\//i.test(absolute) && URL.canParse(absolute) ? new URL(absolute).href : undefined
}

function isHost(host: string): boolean {
  return plainHost.test(host) || (!/[/?#@\\]/.test(host) && URL.canParse(`http://${host}/`))
}

function headersOf({ rawHeaders }: IncomingMessage): IncomingHeaders {
  return {
    get: (name) => find(rawHeaders, name.toLowerCase()),
    has: (name) => find(rawHeaders, name.toLowerCase()) !== null,
  }
}

/** In what was received, because `message.headers` drops the second of two (`Authorization`, `Content-Type`). */
function find(rawHeaders: readonly string[], name: string): string | null {
  let found: string | null = null
  for (let index = 0; index < rawHeaders.length; index += 2) {
    const candidate = rawHeaders[index]!
    if (candidate.length !== name.length || candidate.toLowerCase() !== name) continue
    const value = rawHeaders[index + 1]!
    found = found === null ? value : `${found}${name === 'cookie' ? '; ' : ', '}${value}`
  }
  return found
}

function readBody(message: IncomingMessage, limitBytes: number): Promise<Uint8Array | 'too_large'> {
  return new Promise((resolve, reject) => {
    if (message.destroyed) throw new Error('expected a body, got the end of the connection')
    const chunks: Buffer[] = []
    let size = 0
    const onData = (chunk: Buffer): void => {
      size += chunk.byteLength
      if (size <= limitBytes) {
        chunks.push(chunk)
        return
      }
      message.off('data', onData)
      resolve('too_large')
    }
    message.on('data', onData)
    message.once('end', () => resolve(chunks.length === 1 ? chunks[0]! : Buffer.concat(chunks)))
    message.once('error', reject)
    message.once('close', () => {
      // An error costs as much as a signature: none is made of a request that ended as it should.
      if (!message.readableEnded) reject(new Error('expected the whole body, got a part of it'))
    })
  })
}
