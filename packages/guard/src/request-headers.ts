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
  // The form that nearly all requests have; the others cost a look for each.
  if (Object.getPrototypeOf(headers) === Object.prototype)
    return valuesOfRecord(headers as HeaderRecord, wanted)
  if (isFetchHeaders(headers)) {
    const value = headers.get(wanted)
    return value === null ? [] : [value]
  }
  if (!(Symbol.iterator in headers)) return valuesOfRecord(headers, wanted)
  const values: string[] = []
  for (const [name, value] of headers) if (isNamed(name, wanted)) addValue(values, value)
  return values
}

const none: readonly string[] = Object.freeze([])

type HeaderRecord = Readonly<{ [name: string]: string | readonly string[] | undefined }>

function valuesOfRecord(headers: HeaderRecord, wanted: string): readonly string[] {
  let values = none
  // Names that are inherited are none of the request's; to leave them out later spares a list of all names.
  for (const name in headers)
    if (isNamed(name, wanted) && Object.hasOwn(headers, name)) values = joined(values, headers[name])
  return values
}

/** Not a list that grows, which makes room for sixteen more: nearly always there is one. */
function joined(values: readonly string[], value: string | readonly string[] | undefined): readonly string[] {
  if (value === undefined) return values
  const more = typeof value === 'string' ? [value] : value
  return values.length === 0 ? more : [...values, ...more]
}

/** The length first: it spares the lower-case copy of nearly every other name. */
function isNamed(name: string, wanted: string): boolean {
  return name.length === wanted.length && (name === wanted || name.toLowerCase() === wanted)
}

function addValue(values: string[], value: string | readonly string[] | undefined): void {
  if (typeof value === 'string') values.push(value)
  else if (value !== undefined) values.push(...value)
}

function isFetchHeaders(headers: RequestHeaders): headers is Headers {
  const { get, append } = headers as { get?: unknown; append?: unknown }
  return typeof get === 'function' && typeof append === 'function'
}
