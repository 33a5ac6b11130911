/** Which route a path belongs to: literal paths by one look-up, patterns by Hono's router. */
import { TrieRouter } from 'hono/router/trie-router'

export interface RouteMatch<Route> {
  readonly route: Route
  /** The named parts of the path, decoded. */
  readonly params: Readonly<Record<string, string>>
}

const noParams = {}

/** @param table Routes by pattern: `/sessions`, `/sessions/:id` */
export function createRoutesByPath<Route>(
  table: Readonly<Record<string, Route>>,
): (path: string) => RouteMatch<Route> | undefined {
  const literals = new Map<string, RouteMatch<Route>>()
  const router = new TrieRouter<Route>()
  for (const [pattern, route] of Object.entries(table)) {
    if (pattern.includes(':')) router.add('GET', pattern, route)
    else literals.set(pattern, { route, params: noParams })
  }
  return (path) => literals.get(path) ?? matchPattern(router, path)
}

function matchPattern<Route>(router: TrieRouter<Route>, path: string): RouteMatch<Route> | undefined {
  const [[first]] = router.match('GET', path) as [readonly [Route, Record<string, string>][]]
  if (first === undefined) return undefined
  const [route, raw] = first
  const params = Object.entries(raw).map(([name, text]) => [name, decoded(text)] as const)
  return { route, params: Object.fromEntries(params) }
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    // No id of ours is written with a broken escape.
    return text
  }
}
