/** Calls of the API, kept with everything that the page shows of them. */
import { isClientError, type ClientErrorCode } from '@tessera/client'
import type { Playground } from './playground.ts'
import { serverUrl } from './server-url.ts'

export interface ApiCall {
  /** The token that was sent. */
  readonly token: string | null
  /** Positions of the token that were changed since it was issued. */
  readonly changed?: ReadonlySet<number>
  /** Whether the client renewed the token before the answer came. */
  readonly renewed: boolean
  /** 0 when no answer came. */
  readonly status: number
  readonly challenge: string | null
  /** The body, as JSON with line breaks where it is JSON. */
  readonly body: string
  readonly code: ClientErrorCode | null
}

const headerText = /^[\x21-\x7e]*$/

/** Calls `/me` with this token as it is, or with none: past the client, as anybody could. */
export async function callWithToken(token: string | null, changed?: ReadonlySet<number>): Promise<ApiCall> {
  const sent = { token, renewed: false, ...(changed !== undefined && { changed }) }
  // What cannot stand in a header never leaves the browser.
  if (token !== null && !headerText.test(token)) {
    return { ...sent, status: 0, challenge: null, body: '', code: 'request_invalid' }
  }
  const headers: HeadersInit = token === null ? {} : { authorization: `Bearer ${token}` }
  try {
    return await readAnswer(await fetch(`${serverUrl}/me`, { headers, credentials: 'omit' }), sent)
  } catch {
    return { ...sent, status: 0, challenge: null, body: '', code: 'unavailable' }
  }
}

/** Calls `/me` through the client, which attaches the token and renews it when it must. */
export async function callThroughClient({ client, view }: Playground): Promise<ApiCall> {
  const { session: sessionBefore, issued: before } = view()
  const tokenBefore = sessionBefore.status === 'signed-in' ? sessionBefore.accessToken : null
  try {
    const response = await client.fetch(`${serverUrl}/me`)
    const { session, issued } = view()
    const token = session.status === 'signed-in' ? session.accessToken : tokenBefore
    return await readAnswer(response, { token, renewed: issued !== before })
  } catch (error) {
    const code = isClientError(error) ? error.code : 'unavailable'
    return { token: tokenBefore, renewed: false, status: 0, challenge: null, body: '', code }
  }
}

type Sent = Pick<ApiCall, 'token' | 'changed' | 'renewed'>

async function readAnswer(response: Response, sent: Sent): Promise<ApiCall> {
  const text = await response.text()
  const json = parseJson(text)
  const code = (json as { code?: unknown } | undefined)?.code
  return {
    ...sent,
    status: response.status,
    challenge: response.headers.get('www-authenticate'),
    body: json === undefined ? text : JSON.stringify(json, null, 2),
    code: response.ok || typeof code !== 'string' ? null : (code as ClientErrorCode),
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
