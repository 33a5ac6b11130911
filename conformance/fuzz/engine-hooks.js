// @ts-check
/** Resolves what a module imports by a relative path under the same query, so that a library can be loaded several times. */

/** @type {import('node:module').ResolveHook} */
export async function resolve(specifier, context, next) {
  const resolved = await next(specifier, context)
  const query = /\?engine=[\w-]+$/.exec(context.parentURL ?? '')?.[0]
  if (query === undefined || !specifier.startsWith('.') || resolved.url.includes('?')) return resolved
  return { ...resolved, url: resolved.url + query }
}
