/** Which path of the server a request asks for. */

export const metadataPath = '/.well-known/oauth-authorization-server'

/** The path below the issuer's own, which a proxy in front may have taken off or not. RFC 8414 §3.1 puts it last. */
export function requestPath(url: string, basePath: string): string {
  const start = url.indexOf('/', url.indexOf('://') + 3)
  const end = start < 0 ? -1 : url.slice(start).search(/[?#]/)
  const path = start < 0 ? '/' : url.slice(start, end < 0 ? undefined : start + end)
  if (basePath === '') return path
  if (path === `${metadataPath}${basePath}`) return metadataPath
  return path.startsWith(`${basePath}/`) ? path.slice(basePath.length) : path
}
