/** Values on their way into JSON: what `JSON.stringify` would drop or bend silently is refused instead. */
import { JoseError } from '../errors.ts'
import { type JsonObject, kindOf, shownName, maximumDepth } from './json.ts'
import { hasLoneSurrogate } from './utf8.ts'

/**
 * A plain copy of an object, every property read once, that turns into JSON without loss.
 *
 * @param where - what the object is, for the message (`claims set`)
 * @throws {JoseError} `claim_invalid`, with the top-level member in `claim`, for undefined, functions, symbols, bigints,
 *   numbers that are not finite, lone surrogates, cycles, and objects such as Map or Uint8Array that JSON cannot hold; for
 *   more values than any token holds; for what cannot be read (a getter, proxy or `toJSON` that throws, see `cause`)
 */
export function toJsonObject(value: unknown, where: string): JsonObject {
  try {
    return copyObject(value, where)
  } catch (cause) {
    if (cause instanceof JoseError) throw cause
    throw new JoseError(
      'claim_invalid',
      `${where}: a value cannot be read: its getter, proxy or toJSON throws`,
      { cause },
    )
  }
}

/** Values at most. Objects that share their parts a few dozen levels deep would be copied for hours. */
const maximumValues = 262_144

function copyObject(value: unknown, where: string): JsonObject {
  const source = unwrap(value)
  if (!isPlain(source))
    throw new JoseError('claim_invalid', `${where}: expected an object, got ${describe(source)}`)
  const copy: Record<string, unknown> = { ...source }
  const budget = { left: maximumValues }
  let index = 0
  // A loop over `Object.keys` takes twice the time. What Object.prototype was polluted with is passed through it and no more.
  for (const name in copy) {
    const own = copy[name]
    checkOwnName(name, index, where)
    index += 1
    budget.left -= 1
    // Of most claims nothing has to be remembered for a message.
    if ((isOwnCopy(own) && budget.left >= 0) || !Object.hasOwn(copy, name)) continue
    budget.left += 1
    copy[name] = toJsonValue(own, { claim: name, above: where, step: name, depth: 2, budget })
  }
  return copy
}

/** Names of the last object, by their places: those of the next one are mostly the same. */
const knownNames: string[] = []
const mostKnownNames = 64

function checkOwnName(name: string, index: number, where: string): void {
  if (knownNames[index] === name) return
  memberName(name, where)
  if (index < mostKnownNames) knownNames[index] = name
}

/** Whether a value is one of JSON and holds no others. */
function isOwnCopy(value: unknown): boolean {
  if (typeof value === 'string') return !hasLoneSurrogate(value)
  return typeof value === 'number' ? Number.isFinite(value) : typeof value === 'boolean'
}

interface Place {
  readonly claim: string
  /** The value that holds this one: of the topmost, what it is. */
  readonly above: Place | string
  readonly step: string | number
  readonly depth: number
  /** How many values may still come; one for the whole object. */
  readonly budget: { left: number }
}

function toJsonValue(value: unknown, place: Place): unknown {
  const source = unwrap(value)
  place.budget.left -= 1
  if (place.budget.left < 0) throw refuse(place, `at most ${maximumValues} values in all`, 'more')
  if (source === null || isOwnCopy(source)) return source
  if (typeof source === 'string') throw refuse(place, 'well-formed Unicode', 'text with a lone surrogate')
  // Cycles end here too.
  if (place.depth > maximumDepth) throw refuse(place, `at most ${maximumDepth} levels`, 'more')
  if (Array.isArray(source)) {
    return Array.from(source, (item, index) => toJsonValue(item, deeper(place, index)))
  }
  if (!isPlain(source)) throw refuse(place, 'a JSON value', describe(source))
  const copy: Record<string, unknown> = {}
  for (const name of Object.keys(source)) {
    copy[memberName(name, place)] = toJsonValue(source[name], deeper(place, name))
  }
  return copy
}

/** What `toJSON` gives, where there is one (a Date, for example). */
function unwrap(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value
  const { toJSON } = value as { toJSON?: unknown }
  return typeof toJSON === 'function' ? (toJSON.call(value, '') as unknown) : value
}

function isPlain(value: unknown): value is Record<string, unknown> {
  return Object.prototype.toString.call(value) === '[object Object]'
}

function memberName(name: string, where: Place | string): string {
  if (name === '__proto__' || hasLoneSurrogate(name)) {
    throw new JoseError(
      'claim_invalid',
      `${pathOf(where)}: a member has a name that JSON readers cannot hold safely`,
    )
  }
  return name
}

function deeper(place: Place, step: string | number): Place {
  return { claim: place.claim, above: place, step, depth: place.depth + 1, budget: place.budget }
}

/** Put together for a message alone: the name of every claim would cost more than all else here. */
function pathOf(place: Place | string): string {
  if (typeof place === 'string') return place
  const { above, step } = place
  const path = pathOf(above)
  if (typeof above === 'string') return `${path}: ${shownName(String(step))}`
  if (path.length > 200) return path
  return path + (typeof step === 'number' ? `[${step}]` : `.${shownName(step)}`)
}

function describe(value: unknown): string {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return kindOf(value)
  return Object.prototype.toString.call(value).slice(8, -1)
}

function refuse(place: Place, expected: string, got: string): JoseError {
  return new JoseError('claim_invalid', `${pathOf(place)}: expected ${expected}, got ${got}`, {
    claim: place.claim,
  })
}
