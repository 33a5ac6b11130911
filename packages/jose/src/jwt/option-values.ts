/** Values of policy options, each read strictly: what would switch a check off or match nothing is refused. */
import { badOption } from '../options.ts'

/** A name or a list of names; null and undefined as they are. @throws {JoseError} `option_invalid` for an empty one */
export function readNames(
  given: object,
  option: string,
  where: string,
): readonly string[] | null | undefined {
  const value = valueOf(given, option)
  if (value === null || value === undefined) return value
  const names: readonly unknown[] = Array.isArray(value) ? value : [value]
  if (names.length === 0 || !names.every((name) => typeof name === 'string' && name !== '')) {
    throw badOption(where, option, 'text, a list of text, or null to waive the check', value)
  }
  return [...names] as string[]
}

/** Text that is not empty, or undefined. @throws {JoseError} `option_invalid` */
export function readText(given: object, option: string, where: string): string | undefined {
  const value = valueOf(given, option)
  if (value === undefined || (typeof value === 'string' && value !== '')) return value
  throw badOption(where, option, 'text', value)
}

/** Seconds from 0, or undefined. @throws {JoseError} `option_invalid` */
export function readSeconds(given: object, option: string, where: string, most = 1e9): number | undefined {
  const value = valueOf(given, option)
  if (value === undefined || (typeof value === 'number' && value >= 0 && value <= most)) return value
  throw badOption(where, option, `seconds from 0 to ${most}`, value)
}

function valueOf(given: object, option: string): unknown {
  return (given as { readonly [name: string]: unknown })[option]
}
