/**
 * Values that a caller hands in, read so that a hostile one (a getter or proxy that throws, a proxy that was revoked, an
 * array with holes) is a value of the wrong kind and nothing worse.
 */

/** The member of an object or a function; undefined for other values, where there is none, and where it cannot be read. */
export function readMember(value: unknown, name: string): unknown {
  if ((typeof value !== 'object' && typeof value !== 'function') || value === null) return undefined
  try {
    return (value as { readonly [member: string]: unknown })[name]
  } catch {
    return undefined
  }
}

/**
 * A copy of an array without holes; undefined for what is no array or cannot be read.
 *
 * @param most - entries at most: of a longer one, one more is copied, so that its length tells
 */
export function readList(value: unknown, most: number): readonly unknown[] | undefined {
  try {
    if (!Array.isArray(value)) return undefined
    const length = Math.min(value.length, most + 1)
    return Array.from({ length }, (_, index) => (value as readonly unknown[])[index])
  } catch {
    return undefined
  }
}
