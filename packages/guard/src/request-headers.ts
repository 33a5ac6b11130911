/** A request as a guard sees it, in any of the forms in which frameworks hand out headers. */
import { JoseError } from '@tessera/jose'

/** The headers of a request: `Headers`, a list of name and value, or a record such as Node's `req.headers`. */
export type RequestHeaders =
  | Headers
  | Iterable<readonly [name: string, value: string]>
  | Readonly<Record<string, string | readonly string[] | undefined>>

/** A request as the guard sees it. */
export interface GuardRequest {
  readonly method: string
  readonly url: string
  readonly headers: RequestHeaders
}

/**
 * The values of a header, one per occurrence where the form tells them apart.
 *
 * @param wanted the name in lower case
 * @throws {JoseError} `option_invalid` for something that is no headers
 */
export function headerValues(headers: RequestHeaders, wanted: string): readonly string[] {
  if (typeof headers !== 'object' || headers === null) {
    throw new JoseError(
      'option_invalid',
      `headers: expected Headers, a list of pairs or a record, got ${headers === null ? 'null' : typeof headers}`,
    )
  }
  if (isFetchHeaders(headers)) {
    const value = headers.get(wanted)
    return value === null ? [] : [value]
  }
  const entries =
    Symbol.iterator in headers ? (headers as Iterable<readonly [string, string]>) : Object.entries(headers)
  const values: string[] = []
  for (const [name, value] of entries) {
    // The length first: it spares the lower-case copy of nearly every other name.
    if (name.length !== wanted.length || name.toLowerCase() !== wanted || value === undefined) continue
    if (typeof value === 'string') values.push(value)
    else values.push(...value)
  }
  return values
}

function isFetchHeaders(headers: RequestHeaders): headers is Headers {
  const { get, append } = headers as { get?: unknown; append?: unknown }
  return typeof get === 'function' && typeof append === 'function'
}
