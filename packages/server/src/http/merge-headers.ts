/** Headers of an answer, put together: what every answer carries, its own, and what CORS adds. */
import type { Answer } from './answer.ts'

type Headers = Answer['headers']

/** Names and values in turn. */
export type HeaderList = readonly string[]

/** @param own those of the answer; frozen ones are those of many answers, and are merged once */
export type MergeHeaders = (own: Headers, cors: Headers) => HeaderList

/** @param always what every answer carries */
export function createMergeHeaders(always: Headers): MergeHeaders {
  const known = new WeakMap<Headers, { readonly cors: Headers; readonly list: HeaderList }>()
  return (own, cors) => {
    const before = known.get(own)
    if (before?.cors === cors) return before.list
    // Ours last: the guard exposes headers of its own, and fewer.
    const list = merge(always, own, cors)
    if (Object.isFrozen(own)) known.set(own, { cors, list })
    return list
  }
}

/** Of one name the last one stays. */
function merge(first: Headers, second: Headers, third: Headers): HeaderList {
  const merged: string[] = []
  for (const name in first) if (!(name in second)) merged.push(name, first[name]!)
  for (const name in second) if (!(name in third)) merged.push(name, second[name]!)
  for (const name in third) merged.push(name, third[name]!)
  return merged
}
