/** One operation of the reference: who may call, what it takes and answers. Much of that follows from its kind. */
import type { z } from 'zod'
import type { AnswerName } from './schemas.ts'

/** Who may call: anybody, a person's token, a client that proves itself, an administrator's token. */
export type Caller = 'anybody' | 'person' | 'client' | 'admin'

export type GoodAnswer = readonly [status: number, body?: AnswerName | `${string}/${string}`]

export interface OperationParts {
  /** The schema that the body is checked with. */
  readonly json?: z.ZodType
  readonly form?: z.ZodType
  /** Parameters of the query. */
  readonly query?: readonly string[]
  /** The answer to a good request: its status, and its schema or its media type. */
  readonly answer: GoodAnswer
  /** Another answer to a good request that asks for it. */
  readonly otherwise?: GoodAnswer
  /** Further statuses, all of them with a code. */
  readonly errors?: readonly number[]
}

export interface Operation extends OperationParts {
  readonly summary: string
  readonly caller: Caller
  readonly errors: readonly number[]
}

/** By path and method, as in the route table. */
export type Operations = Readonly<
  Record<string, Readonly<Partial<Record<'GET' | 'POST' | 'DELETE', Operation>>>>
>

/** Writes operations of one kind of caller: `errors` are those beside what its callers and bodies bring along. */
export type Describe = (summary: string, parts: OperationParts) => Operation

export const anybody: Describe = describeFor('anybody')
export const person: Describe = describeFor('person')
export const client: Describe = describeFor('client')
export const admin: Describe = describeFor('admin')

/** What a request can be refused for because of who calls. */
const errorsOfCallers: Readonly<Record<Caller, readonly number[]>> = {
  anybody: [],
  person: [400, 401, 403, 503],
  client: [400, 401, 429, 503],
  admin: [400, 401, 403, 503],
}

/** And because of its body: what has one reads the store, too. */
const errorsOfBodies: readonly number[] = [400, 413, 415, 503]

function describeFor(caller: Caller): Describe {
  return (summary, parts) => {
    const hasBody = parts.json !== undefined || parts.form !== undefined
    const errors = new Set([
      ...errorsOfCallers[caller],
      ...(hasBody ? errorsOfBodies : []),
      ...(parts.errors ?? []),
    ])
    return { ...parts, summary, caller, errors: [...errors].sort((one, other) => one - other) }
  }
}
