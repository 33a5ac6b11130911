/** Which path of the server a request asks for. */

export const metadataPath = '/.well-known/oauth-authorization-server'

/** The path below the issuer's own, which a proxy in front may have taken off or not. RFC 8414 §3.1 puts it last. */
export function requestPath(path: string, basePath: string): string {
  if (basePath === '') return path
  if (path === `${metadataPath}${basePath}`) return metadataPath
  return path.startsWith(`${basePath}/`) ? path.slice(basePath.length) : path
}
