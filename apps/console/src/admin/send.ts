/** One request to the server that the page came from, and its answer as a value. */
import { ClientError, type ClientErrorCode } from '@tessera/client'
import { en } from '../language/en.ts'

export interface Outgoing {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'
  readonly path: string
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: string
  /** Whether the request may outlive the page. Default not. */
  readonly keepalive?: boolean
}

export interface Answer {
  /** 0 when no answer came. */
  readonly status: number
  readonly body: Readonly<Record<string, unknown>>
  readonly retryAfterSeconds?: number
}

export type Send = (request: Outgoing) => Promise<Answer>

const timeoutMs = 15_000

/** Sends to an origin, without cookies. Never throws: no answer is status 0. */
export function createSend(origin: string, fetch: typeof globalThis.fetch): Send {
  return async ({ method, path, headers = {}, body, keepalive = false }) => {
    try {
      const response = await fetch(origin + path, {
        method,
        headers: { accept: 'application/json', ...headers },
        ...(body !== undefined && { body }),
        credentials: 'omit',
        cache: 'no-store',
        // A redirect would carry a password or a token to an address that nobody chose.
        redirect: 'error',
        keepalive,
        signal: AbortSignal.timeout(timeoutMs),
      })
      const wait = Number(response.headers.get('retry-after') ?? Number.NaN)
      return {
        status: response.status,
        body: readObject(await response.text()),
        ...(Number.isFinite(wait) && { retryAfterSeconds: wait }),
      }
    } catch {
      return { status: 0, body: {} }
    }
  }
}

function readObject(text: string): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(text)
    if (typeof value === 'object' && value !== null) return value as Record<string, unknown>
  } catch {
    // Not JSON: an empty answer, or one of something else than a token server.
  }
  return {}
}

export function isGood({ status }: Answer): boolean {
  return status >= 200 && status < 300
}

/** A refusal as an error: the server's code, and as message what the server said of this case. */
export function faultOf({ status, body, retryAfterSeconds }: Answer): ClientError {
  const said = [body['detail'], body['error_description']].find((text) => typeof text === 'string')
  return new ClientError(codeOf(body['code']), typeof said === 'string' ? said : '', {
    ...(status !== 0 && { status }),
    ...(retryAfterSeconds !== undefined && { retryAfterSeconds }),
  })
}

function codeOf(code: unknown): ClientErrorCode {
  return typeof code === 'string' && Object.hasOwn(en.codes, code) ? (code as ClientErrorCode) : 'unavailable'
}
