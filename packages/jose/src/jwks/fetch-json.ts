/** Fetching a small JSON document from an issuer, within bounds of time, size and trust. */
import { concatBytes } from '../encoding/bytes.ts'
import type { JsonObject } from '../encoding/json.ts'
import { parseJsonObject } from '../encoding/json-parser.ts'
import { isSecureScheme } from '../encoding/secure-url.ts'
import { decodeUtf8 } from '../encoding/utf8.ts'
import { JoseError } from '../errors.ts'
import { withinTime } from './time-limit.ts'

/** How a document is fetched. */
export interface FetchSettings {
  readonly fetch: typeof globalThis.fetch
  readonly timeoutMs: number
  readonly headers: Readonly<Record<string, string>>
}

/** A fetched document, and for how many seconds its server lets it be kept, where it says so. */
export interface FetchedJson {
  readonly document: JsonObject
  readonly maxAgeSeconds: number | undefined
}

const maximumBytes = 262_144

/**
 * The URL of an issuer or of its keys.
 *
 * @throws {JoseError} `option_invalid` unless it is https, or http on this machine (RFC 8725 §3.10: nothing else)
 */
export function requireSecureUrl(value: unknown, where: string): URL {
  const text = value instanceof URL ? value.href : value
  if (typeof text !== 'string' || !URL.canParse(text))
    throw new JoseError('option_invalid', `${where}: expected an absolute URL`)
  const url = new URL(text)
  if (url.username !== '' || url.password !== '')
    throw new JoseError('option_invalid', `${where}: expected a URL without credentials`)
  if (isSecureScheme(url)) return url
  throw new JoseError(
    'option_invalid',
    `${where}: expected https (http only on localhost), got ${url.protocol.slice(0, -1)}`,
  )
}

/**
 * Fetches a JSON object: status 200 only, no redirects, bounded in time and size.
 *
 * @throws {JoseError} `keys_unavailable` for whatever goes wrong
 */
export async function fetchJson(url: URL, settings: FetchSettings): Promise<FetchedJson> {
  try {
    return await withinTime(settings.timeoutMs, (signal) => fetchDocument(url, settings, signal))
  } catch (cause) {
    const reason =
      cause instanceof JoseError
        ? cause.message
        : cause instanceof Error && cause.name === 'TimeoutError'
          ? `no answer within ${settings.timeoutMs} ms`
          : 'the request failed'
    throw new JoseError('keys_unavailable', `keys of ${url.origin} could not be fetched: ${reason}`, {
      cause,
    })
  }
}

async function fetchDocument(url: URL, settings: FetchSettings, signal: AbortSignal): Promise<FetchedJson> {
  const response = await settings.fetch(url.href, {
    headers: { accept: 'application/jwk-set+json, application/json', ...settings.headers },
    // A redirect could lead to a host that the application never named (CVE-2026-102267).
    redirect: 'manual',
    signal,
  })
  if (response.status !== 200) {
    await response.body?.cancel()
    throw new JoseError('keys_unavailable', `expected status 200, got ${response.status || 'a redirect'}`)
  }
  const text = decodeUtf8(await readBody(response), 'response')
  return {
    document: parseJsonObject(text, 'response'),
    maxAgeSeconds: maxAgeOf(response.headers.get('cache-control')),
  }
}

async function readBody(response: Response): Promise<Uint8Array> {
  const reader = response.body?.getReader()
  const parts: Uint8Array[] = []
  let length = 0
  for (;;) {
    const chunk = await reader?.read()
    if (chunk === undefined || chunk.done) break
    length += chunk.value.length
    if (length > maximumBytes) {
      await reader?.cancel()
      throw new JoseError('keys_unavailable', `expected at most ${maximumBytes} octets, got more`)
    }
    parts.push(chunk.value)
  }
  return concatBytes(parts)
}

/** `max-age` of a Cache-Control value (RFC 9111 §5.2.2.1), in seconds. */
function maxAgeOf(cacheControl: string | null): number | undefined {
  const match = /(?:^|[\s,])max-age="?(\d{1,10})/i.exec(cacheControl ?? '')
  return match === null ? undefined : Number(match[1])
}
