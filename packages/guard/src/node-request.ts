/** What the Express and Fastify adapters need of Node's `IncomingMessage`. */
import type { RequestHeaders } from './request-headers.ts'

export interface NodeRequest {
  readonly headers: Readonly<Record<string, string | string[] | undefined>>
  /** Names and values in turn, as they came. */
  readonly rawHeaders?: readonly string[]
}

/**
 * The headers of a Node request. Node keeps the first of two `Authorization` headers and drops the second in silence,
 * so the raw list decides how many came; else `headers` holds, in which an earlier middleware may have put a token.
 */
export function headersOf(request: NodeRequest): RequestHeaders {
  const raw = request.rawHeaders ?? []
  const sent: [string, string][] = []
  for (let index = 0; index + 1 < raw.length; index += 2) {
    const name = raw[index] as string
    if (name.length === 13 && name.toLowerCase() === 'authorization')
      sent.push([name, raw[index + 1] as string])
  }
  return sent.length > 1 ? sent : request.headers
}
