/** What a verifier needs to know of the server: its keys (RFC 7517) and its metadata (RFC 8414). */
import { assertionAlgorithms } from '../clients/client-assertion.ts'
import type { CheckedConfig } from '../config/check-config.ts'
import { createPublicDocument } from '../http/public-document.ts'
import type { SigningKeys } from '../keys/signing-keys.ts'
import type { PublicEndpoint } from './desk.ts'

/** Metadata changes with a new version at most. */
const metadataSeconds = 300

/** How a client can prove itself (OpenID Connect Core §9). */
const confidential = ['client_secret_basic', 'client_secret_post', 'private_key_jwt']

/** `GET /.well-known/jwks.json`, and `GET /revocations/jwks.json`: the keys of the feed, which sign nothing else. */
export function jwkSetEndpoint(keys: SigningKeys): PublicEndpoint {
  const read = () => ({ text: keys.jwkSet, maxAgeSeconds: keys.maxAgeSeconds() })
  return { document: createPublicDocument(read) }
}

/** `GET /.well-known/oauth-authorization-server`. */
export function metadataEndpoint({ issuer }: CheckedConfig): PublicEndpoint {
  const base = issuer.replace(/\/$/, '')
  const metadata = {
    issuer,
    token_endpoint: `${base}/token`,
    jwks_uri: `${base}/.well-known/jwks.json`,
    revocation_feed: `${base}/revocations`,
    revocation_feed_jwks_uri: `${base}/revocations/jwks.json`,
    scopes_supported: ['account'],
    // There is no authorization endpoint: nothing can be asked of it.
    response_types_supported: [],
    grant_types_supported: ['refresh_token', 'client_credentials'],
    token_endpoint_auth_methods_supported: ['none', ...confidential],
    token_endpoint_auth_signing_alg_values_supported: assertionAlgorithms,
    revocation_endpoint: `${base}/revoke`,
    revocation_endpoint_auth_methods_supported: ['none', ...confidential],
    revocation_endpoint_auth_signing_alg_values_supported: assertionAlgorithms,
    introspection_endpoint: `${base}/introspect`,
    introspection_endpoint_auth_methods_supported: confidential,
    introspection_endpoint_auth_signing_alg_values_supported: assertionAlgorithms,
    login_endpoint: `${base}/login`,
    signup_endpoint: `${base}/signup`,
    logout_endpoint: `${base}/logout`,
  }
  const document = { text: JSON.stringify(metadata), maxAgeSeconds: metadataSeconds }
  return { document: createPublicDocument(() => document) }
}
