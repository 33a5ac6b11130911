/** The answer of the token server to one call, as a value, and its refusals as errors. */
import { ClientError, isClientError, type ClientErrorCode } from '@tessera/client'
import { en } from './language/en.ts'

export interface Answer {
  /** 0 when no answer came. */
  readonly status: number
  readonly body: Readonly<Record<string, unknown>>
  readonly retryAfterSeconds?: number
}

/**
 * Sends and reads. No answer is status 0.
 *
 * @throws {ClientError} the client's own: about the session, not about this call
 */
export async function readAnswer(send: () => Promise<Response>): Promise<Answer> {
  try {
    const response = await send()
    const wait = Number(response.headers.get('retry-after') ?? Number.NaN)
    return {
      status: response.status,
      body: readObject(await response.text()),
      ...(Number.isFinite(wait) && { retryAfterSeconds: wait }),
    }
  } catch (error) {
    if (isClientError(error)) throw error
    return { status: 0, body: {} }
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

/** A refusal as an error: the server's code, and what it said of this case. */
export function faultOf({ status, body, retryAfterSeconds }: Answer): ClientError {
  const code = codeOf(body['code'])
  const detail = [body['detail'], body['error_description']].find((text) => typeof text === 'string')
  return new ClientError(code, `got ${status} ${code}`, {
    ...(status !== 0 && { status }),
    ...(typeof detail === 'string' && { detail }),
    ...(retryAfterSeconds !== undefined && { retryAfterSeconds }),
  })
}

function codeOf(code: unknown): ClientErrorCode {
  return typeof code === 'string' && Object.hasOwn(en.codes, code) ? (code as ClientErrorCode) : 'unavailable'
}
