/** A change of a request: a value with a name, so that a failing one can be shrunk and told. */
import fc from 'fast-check'
import type { FuzzRequest } from './request.ts'

export type Mutation = (request: FuzzRequest) => FuzzRequest

/** A change with a name for the report. */
export function named(name: string, mutation: Mutation): Mutation {
  return Object.assign(mutation, { toString: () => name, [fc.toStringMethod]: () => name })
}
