/** Checking claims with any schema library that speaks Standard Schema version 1 (https://standardschema.dev). */
import { type Awaitable, chain, settle } from '../crypto/awaitable.ts'
import { readMember } from '../encoding/foreign-value.ts'
import { JoseError } from '../errors.ts'
import type { ClaimsSet } from './claims-set.ts'

/** The part of the Standard Schema interface that a verifier needs. */
export interface StandardSchema<Output = unknown> {
  readonly '~standard': {
    readonly version: 1
    readonly vendor: string
    readonly validate: (value: unknown) => StandardResult<Output> | Promise<StandardResult<Output>>
    readonly types?: { readonly input: unknown; readonly output: Output } | undefined
  }
}

type StandardResult<Output> =
  | { readonly value: Output; readonly issues?: undefined }
  | { readonly issues: readonly StandardIssue[] }

interface StandardIssue {
  readonly message: string
  readonly path?: readonly (PropertyKey | { readonly key: PropertyKey })[] | undefined
}

/** What a schema makes of the claims. */
export type SchemaOutput<S> = S extends StandardSchema<infer Output> ? Output : unknown

/** What a schema takes, where it says so. */
export type SchemaInput<S> = S extends { readonly '~standard': { readonly types?: infer Types } }
  ? NonNullable<Types> extends { readonly input: infer Input }
    ? Input
    : unknown
  : unknown

/** Whether a value is a Standard Schema. */
export function isStandardSchema(value: unknown): value is StandardSchema {
  const standard = readMember(value, '~standard')
  return readMember(standard, 'version') === 1 && typeof readMember(standard, 'validate') === 'function'
}

/**
 * The claims with the schema's output merged in.
 *
 * @throws {JoseError} `schema_invalid` naming the places that do not fit; the schema's own words, which may quote
 *   values, are in `cause` alone
 */
export function applySchema(schema: StandardSchema, claims: ClaimsSet): Awaitable<ClaimsSet> {
  return chain(settle(schema['~standard'].validate(claims)), (result: unknown) => {
    if (typeof result !== 'object' || result === null || !('value' in result || 'issues' in result)) {
      throw new JoseError('schema_invalid', 'schema: expected a value or issues, got neither')
    }
    const { issues, value } = result as { issues?: readonly StandardIssue[]; value?: unknown }
    if (issues !== undefined) throw schemaError(issues)
    return typeof value === 'object' && value !== null ? deepFreeze({ ...claims, ...value }) : claims
  })
}

function schemaError(issues: readonly StandardIssue[]): JoseError {
  const places = issues.slice(0, 5).map(({ path = [] }) => {
    return (
      path.map((step) => String(typeof step === 'object' ? step.key : step)).join('.') || 'the claims set'
    )
  })
  const details = { cause: issues, ...(places[0] === undefined ? {} : { claim: places[0] }) }
  return new JoseError(
    'schema_invalid',
    `claims: expected what the schema describes, got something else at ${places.join(', ')}`,
    details,
  )
}

/** A schema may hand out objects of its own making, frozen on the outside or going round in circles. */
function deepFreeze<T>(value: T, seen: Set<unknown> = new Set()): T {
  // Views of buffers cannot be frozen.
  if (typeof value !== 'object' || value === null || ArrayBuffer.isView(value) || seen.has(value))
    return value
  seen.add(value)
  for (const member of Object.values(value)) deepFreeze(member, seen)
  return Object.freeze(value)
}
