/**
 * The URI of a request as a proof names it: without query and fragment (RFC 9449 §4.2), in the normal form of RFC 3986
 * §6.2.2 and §6.2.3, which is all that a verifier may forgive: case of scheme and host, the default port, an empty path,
 * dot segments, needless percent-encoding. Parsers of the WHATWG URL forgive more (backslashes, tabs, numbers as hosts),
 * so that a proof for one address would be good for another.
 */

const defaultPorts: Readonly<Record<string, string>> = { http: '80', https: '443' }

/** The normal form of an http or https URI; undefined for any other text. */
export function normalizeTargetUri(uri: string): string | undefined {
  const parts = /^(https?):\/\/([^/?#]*)([^?#]*)/i.exec(uri)
  const authority = /^([A-Za-z0-9._~!$&'()*+,;=-]+|\[[0-9A-Fa-f:.]+\])(?::([0-9]*))?$/.exec(parts?.[2] ?? '')
  if (parts === null || authority === null) return undefined
  const scheme = parts[1]!.toLowerCase()
  const port = authority[2] ?? ''
  const shownPort = port === '' || port === defaultPorts[scheme] ? '' : `:${port}`
  return `${scheme}://${authority[1]!.toLowerCase()}${shownPort}${normalizePath(parts[3]!)}`
}

function normalizePath(path: string): string {
  const decoded = path.replace(/%[0-9A-Fa-f]{2}/g, normalizeOctet)
  return decoded.includes('/.') ? removeDotSegments(decoded) : decoded === '' ? '/' : decoded
}

/** RFC 3986 §6.2.2.1, §6.2.2.2: an octet is encoded only where it must be, in upper case. */
function normalizeOctet(encoded: string): string {
  const character = String.fromCharCode(Number.parseInt(encoded.slice(1), 16))
  return /[A-Za-z0-9._~-]/.test(character) ? character : encoded.toUpperCase()
}

/** RFC 3986 §5.2.4, of a path that begins with a slash. */
function removeDotSegments(path: string): string {
  const segments = path.split('/').slice(1)
  const kept: string[] = []
  for (const [index, segment] of segments.entries()) {
    const isDot = segment === '.' || segment === '..'
    if (segment === '..') kept.pop()
    if (!isDot) kept.push(segment)
    else if (index === segments.length - 1) kept.push('')
  }
  return `/${kept.join('/')}`
}
