/** Reads from a 401 whether it was the access token that was refused (RFC 6750 §3.1). */
import { tokenCodes } from './errors.ts'

/** One `name=value` of a challenge; a quoted value is taken whole, so that text inside it is never read as a name. */
const parameterPattern = /([\w-]+)\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^\s,"]+))/g
const maxBodyBytes = 16_384
const refusals: ReadonlySet<unknown> = new Set(tokenCodes)

/**
 * Whether the answer says that the token itself was refused, so that a new one may help. A 401 for other reasons (no
 * token, wrong password) is none of the client's business. The answer stays readable.
 */
export async function refusesToken(response: Response): Promise<boolean> {
  if (response.status !== 401) return false
  const challenge = response.headers.get('www-authenticate')
  if (challenge !== null) return saysInvalidToken(challenge)
  // Another origin's `WWW-Authenticate` can be hidden from a page (CORS): the body carries the same news.
  if (!/\bjson\b/.test(response.headers.get('content-type') ?? '')) return false
  return refusals.has(await readCode(response.clone()))
}

function saysInvalidToken(challenge: string): boolean {
  for (const [, name, quoted, bare] of challenge.matchAll(parameterPattern)) {
    if (name?.toLowerCase() === 'error') return (quoted ?? bare) === 'invalid_token'
  }
  return false
}

async function readCode(response: Response): Promise<unknown> {
  const reader = response.body?.getReader()
  if (reader === undefined) return undefined
  const decoder = new TextDecoder()
  let text = ''
  try {
    for (let part = await reader.read(); !part.done; part = await reader.read()) {
      text += decoder.decode(part.value, { stream: true })
      if (text.length > maxBodyBytes) return undefined
    }
    return (JSON.parse(text) as { code?: unknown } | null)?.code
  } catch {
    return undefined
  } finally {
    void reader.cancel().catch(() => {})
  }
}
