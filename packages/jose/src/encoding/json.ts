/** What JSON holds, in the words of messages. */

/** A JSON object as parsed: own members only. */
export type JsonObject = { readonly [name: string]: unknown }

/** How deep arrays and objects may nest. */
export const maximumDepth = 64

/** A name as a message may show it: one that could break a line of a log, or fill it, stays out. */
export function shownName(name: string): string {
  return /^[^\p{C}\p{Zl}\p{Zp}]{1,64}$/u.test(name) ? name : '(a name)'
}

/** What kind of value this is, in the words of JSON; never the value itself. */
export function kindOf(value: unknown): string {
  if (value === null) return 'null'
  if (isArray(value)) return 'an array'
  if (typeof value === 'object') return 'an object'
  if (typeof value === 'number') return Number.isFinite(value) ? 'a number' : 'a number that is not finite'
  if (typeof value === 'string') return value === '' ? 'empty text' : 'text'
  if (typeof value === 'boolean') return 'true or false'
  return typeof value === 'undefined' ? 'undefined' : `a ${typeof value}`
}

/** Whether a value is an object as JSON has them: no array, and not null. */
export function isObject(value: unknown): value is object {
  return kindOf(value) === 'an object'
}

/** `Array.isArray`, which throws for a proxy that was revoked. */
function isArray(value: unknown): boolean {
  try {
    return Array.isArray(value)
  } catch {
    return false
  }
}
