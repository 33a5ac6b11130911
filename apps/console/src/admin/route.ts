/** Which page of the administration is open: the part of the address after `#`, which never leaves the browser. */

export const sections = ['users', 'sessions', 'clients', 'keys', 'audit'] as const
export type Section = (typeof sections)[number]

export interface Route {
  readonly section: Section
  /** One thing of the section, such as a user's id, or `new`. */
  readonly item?: string
  readonly query: Readonly<Record<string, string>>
}

/** Reads a fragment, with or without `#`. What names no section is the first one. */
export function parseRoute(fragment: string): Route {
  const [path = '', search = ''] = fragment.replace(/^#/, '').split('?', 2)
  const [name, item] = path.split('/', 2)
  const section = sections.find((one) => one === name) ?? sections[0]
  const query = Object.fromEntries(new URLSearchParams(search))
  const decoded = item === undefined ? '' : decode(item)
  return { section, ...(decoded !== '' && { item: decoded }), query }
}

/** The address of a page, for a link. Empty values of the query are left out. */
export function linkTo(
  section: Section,
  item?: string,
  query: Readonly<Record<string, string>> = {},
): string {
  const kept = Object.entries(query).filter(([, value]) => value !== '')
  const search = kept.length === 0 ? '' : `?${String(new URLSearchParams(kept))}`
  return `#${section}${item === undefined ? '' : `/${encodeURIComponent(item)}`}${search}`
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return ''
  }
}
