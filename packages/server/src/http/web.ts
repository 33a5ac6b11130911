/** Between the platform's `Request` and `Response` and what the server reads and answers. */
import type { FinishedAnswer } from './finish.ts'
import type { Incoming } from './incoming.ts'
import { pathOf } from './incoming.ts'

/** A `Request` (WHATWG Fetch §5.4) as the server reads it. */
export function fromWebRequest(request: Request): Incoming {
  const { method, url, headers } = request
  return {
    method,
    url,
    path: pathOf(url),
    headers,
    readBody: (limitBytes) => readWebBody(request, limitBytes),
  }
}

/** An answer as a `Response`. */
export function toWebResponse({ status, headers: list, body }: FinishedAnswer): Response {
  const headers = new Headers()
  for (let index = 0; index < list.length; index += 2) headers.append(list[index]!, list[index + 1]!)
  return new Response(body, { status, headers })
}

async function readWebBody(request: Request, limitBytes: number): Promise<Uint8Array | 'too_large'> {
  if (request.body === null) return new Uint8Array()
  const reader = request.body.getReader()
  const chunks: Uint8Array[] = []
  let size = 0
  for (;;) {
    const { done, value } = await reader.read()
    if (done) return Buffer.concat(chunks)
    size += value.byteLength
    if (size > limitBytes) {
      void reader.cancel().catch(() => undefined)
      return 'too_large'
    }
    chunks.push(value)
  }
}
