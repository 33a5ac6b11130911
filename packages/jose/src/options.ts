/**
 * Options objects, read strictly. In the libraries in use today a misspelt name (`audiance`) or a value that is
 * `undefined` because an environment variable is missing switches a check off in silence; here both are refused.
 */
import { readList } from './encoding/foreign-value.ts'
import { isObject, kindOf, shownName } from './encoding/json.ts'
import { JoseError } from './errors.ts'

/** Makes names outside `Allowed` a compile error, also where the options shape the result. */
export type OnlyOptions<Given, Allowed> = { readonly [Name in Exclude<keyof Given, keyof Allowed>]: never }

declare const reason: unique symbol

/** What no value is of the type of: an editor shows why an option is refused. */
export interface Refused<Reason extends string> {
  readonly [reason]: Reason
}

/**
 * A copy of an options object: own properties, each read once, no prototype. Lists are copied too: one with holes would
 * pass every check that asks each of its entries (`every` skips them), and one that changes later would pass unseen.
 *
 * @param where - the function, for the message (`verifyJwt`)
 * @param judgedLater - names that may be undefined here, because the caller has a better answer to that
 * @throws {JoseError} `option_invalid` for a name that is not an option, for a value of `undefined`, for no object, and
 *   for one that cannot be read (a getter or a proxy that throws, which stands in `cause`)
 */
export function readOptions<T extends object>(
  options: unknown,
  names: readonly (keyof T & string)[],
  where: string,
  judgedLater: readonly (keyof T & string)[] = [],
): T {
  try {
    return copyOptions<T>(options, names, { where, judgedLater })
  } catch (cause) {
    if (cause instanceof JoseError) throw cause
    throw new JoseError('option_invalid', `${where}: an option cannot be read: it throws`, {
      cause,
    })
  }
}

function copyOptions<T extends object>(
  options: unknown,
  names: readonly (keyof T & string)[],
  { where, judgedLater }: { where: string; judgedLater: readonly (keyof T & string)[] },
): T {
  if (!isObject(options)) {
    throw new JoseError('option_invalid', `${where}: expected an options object, got ${kindOf(options)}`)
  }
  refuseInherited(options, where)
  const copy = Object.create(null) as Record<string, unknown>
  for (const name of Object.keys(options)) {
    if (!(names as readonly string[]).includes(name)) throw unknownOption(name, names, where)
    const value = (options as Record<string, unknown>)[name]
    if (value === undefined && !(judgedLater as readonly string[]).includes(name)) {
      throw new JoseError(
        'option_invalid',
        `${where}: option "${name}" is undefined: is a variable not set? null waives a check`,
      )
    }
    copy[name] = Array.isArray(value) ? copyList(value, name, where) : value
  }
  return copy as T
}

/** Entries of a list at most; nobody names as many issuers. */
const longestList = 10_000

function copyList(list: readonly unknown[], name: string, where: string): readonly unknown[] {
  const copy = readList(list, longestList)!
  if (copy.length > longestList) throw badOption(where, name, `at most ${longestList} entries`, list)
  return copy
}

/**
 * Options that an object inherits, or that a class gives by accessors, would be passed over without a word. A prototype
 * without a prototype is an Object.prototype, of whichever realm.
 */
function refuseInherited(options: object, where: string): void {
  const prototype = Object.getPrototypeOf(options) as object | null
  if (prototype === null || Object.getPrototypeOf(prototype) === null) return
  throw new JoseError('option_invalid', `${where}: expected a plain options object, got one that inherits`)
}

/** An error for an option's value: expected, then got. */
export function badOption(where: string, name: string, expected: string, got: unknown): JoseError {
  return new JoseError(
    'option_invalid',
    `${where}: option "${name}": expected ${expected}, got ${typeof got === 'number' && Number.isFinite(got) ? 'another number' : kindOf(got)}`,
  )
}

/** An option that is true or false. A text such as 'false', from a variable, would count as true. */
export function readFlag(value: unknown, name: string, where: string): boolean {
  if (typeof value === 'boolean') return value
  throw badOption(where, name, 'true or false', value)
}

function unknownOption(name: string, names: readonly string[], where: string): JoseError {
  const near = nearest(name.toLowerCase(), names)
  const hint = near === undefined ? `one of ${names.join(', ')}` : `did you mean "${near}"?`
  return new JoseError('option_invalid', `${where}: there is no option "${shownName(name)}": ${hint}`)
}

/** The known name that a misspelt one is closest to, if one is close. */
function nearest(name: string, names: readonly string[]): string | undefined {
  const distances = names.map((known) => difference(name, known.toLowerCase()))
  const least = Math.min(...distances)
  return least <= Math.max(2, name.length / 3) ? names[distances.indexOf(least)] : undefined
}

/**
 * How much of two names lies between the letters in which they begin alike and those in which they end alike. One that is
 * the beginning of the other is near: `clockTolerance`, as other libraries call it.
 */
function difference(a: string, b: string): number {
  const [shorter, longer] = a.length < b.length ? [a, b] : [b, a]
  const { length } = shorter
  let begin = 0
  while (begin < length && a[begin] === b[begin]) begin += 1
  if (begin === length && begin > 2) return 1
  let end = 0
  while (end < length - begin && a.at(-1 - end) === b.at(-1 - end)) end += 1
  return longer.length - begin - end
}
