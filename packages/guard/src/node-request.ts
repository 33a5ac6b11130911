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
export function headersOf({ rawHeaders, headers }: NodeRequest): RequestHeaders {
  if (rawHeaders === undefined) return headers
  let sent = 0
  for (let index = 0; index + 1 < rawHeaders.length; index += 2)
    if (isAuthorization(rawHeaders[index] as string)) sent += 1
  return sent > 1 ? everyAuthorization(rawHeaders) : headers
}

/** As clients write it, before a copy in lower case is made of any name that is as long. */
function isAuthorization(name: string): boolean {
  return name.length === 13 && (name === 'Authorization' || name.toLowerCase() === 'authorization')
}

/** All of them, apart from what every other request costs. */
function everyAuthorization(rawHeaders: readonly string[]): RequestHeaders {
  const sent: [string, string][] = []
  for (const [index, name] of rawHeaders.entries())
    if (index % 2 === 0 && isAuthorization(name)) sent.push([name, rawHeaders[index + 1] as string])
  return sent
}
