/** How a request says which client it comes from, and with what proof (RFC 6749 §2.3, RFC 7521 §4.2). */
import type { Form } from '../http/form.ts'

export type PresentedCredentials =
  /** Nothing, or the id of a client that has no secret. */
  | { readonly kind: 'none' }
  | { readonly kind: 'secret'; readonly clientId: string; readonly secret: string }
  | { readonly kind: 'assertion'; readonly assertion: string; readonly clientId: string | undefined }
  /** Not even credentials: what was expected, what came. */
  | { readonly kind: 'broken'; readonly error: 'invalid_request' | 'invalid_client'; readonly why: string }

/** RFC 7523 §2.2. */
const jwtBearer = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer'

/** Reads the credentials of a client; one request has one way of presenting them (RFC 6749 §2.3). */
export function readCredentials(authorization: string | null, form: Form): PresentedCredentials {
  const hasSecret = form.has('client_secret')
  const hasAssertion = form.has('client_assertion') || form.has('client_assertion_type')
  const isBasic = authorization !== null && /^basic(?: |$)/i.test(authorization)
  if ([isBasic, hasSecret, hasAssertion].filter(Boolean).length > 1) {
    return broken('invalid_request', 'client: expected one way of authentication, got several')
  }
  if (isBasic) return readBasic(authorization.slice(6), form.get('client_id'))
  if (hasAssertion) return readAssertion(form)
  if (!hasSecret) return { kind: 'none' }
  const clientId = form.get('client_id')
  if (clientId === undefined) return broken('invalid_request', 'client_id: expected one beside the secret')
  return { kind: 'secret', clientId, secret: form.get('client_secret') ?? '' }
}

/** RFC 7617 §2, and before it both halves are form-encoded (RFC 6749 §2.3.1). */
function readBasic(encoded: string, bodyClientId: string | undefined): PresentedCredentials {
  const bytes = Buffer.from(encoded.trim(), 'base64')
  const text = bytes.toString('utf8')
  const colon = text.indexOf(':')
  const clientId = decodeFormText(text.slice(0, Math.max(0, colon)))
  const secret = decodeFormText(text.slice(colon + 1))
  if (colon < 1 || clientId === undefined || secret === undefined) {
    return broken('invalid_client', 'Authorization: expected Basic with the base64 of id:secret')
  }
  if (bodyClientId !== undefined && bodyClientId !== clientId) {
    return broken(
      'invalid_request',
      'client_id: expected the client of the Authorization header, got another',
    )
  }
  return { kind: 'secret', clientId, secret }
}

function decodeFormText(text: string): string | undefined {
  try {
    return decodeURIComponent(text.replaceAll('+', ' '))
  } catch {
    return undefined
  }
}

function readAssertion(form: Form): PresentedCredentials {
  const assertion = form.get('client_assertion')
  if (assertion === undefined) return broken('invalid_request', 'client_assertion: expected a JWT, got none')
  if (form.get('client_assertion_type') !== jwtBearer) {
    return broken('invalid_request', `client_assertion_type: expected ${jwtBearer}`)
  }
  return { kind: 'assertion', assertion, clientId: form.get('client_id') }
}

function broken(error: 'invalid_request' | 'invalid_client', why: string): PresentedCredentials {
  return { kind: 'broken', error, why }
}
