/** Where an issuer publishes its keys: authorization server metadata (RFC 8414). */
import { JoseError } from '../errors.ts'
import { fetchJson, type FetchSettings, requireSecureUrl } from './fetch-json.ts'

/** The address of an issuer's metadata: the well-known segment stands before the issuer's path (RFC 8414 §3.1). */
function metadataUrl(issuer: URL): URL {
  const path = issuer.pathname === '/' ? '' : issuer.pathname.replace(/\/$/, '')
  return new URL(`/.well-known/oauth-authorization-server${path}`, issuer)
}

/**
 * The address of an issuer's JWK Set, from its metadata.
 *
 * @throws {JoseError} `keys_unavailable`, also when the metadata is of another issuer (RFC 8414 §3.3)
 */
export async function discoverJwksUri(issuer: string, settings: FetchSettings): Promise<URL> {
  const { document } = await fetchJson(metadataUrl(new URL(issuer)), settings)
  if (document['issuer'] !== issuer)
    throw new JoseError(
      'keys_unavailable',
      'issuer metadata: issuer: expected the one asked for, got another',
    )
  try {
    return requireSecureUrl(document['jwks_uri'], 'issuer metadata: jwks_uri')
  } catch (cause) {
    throw new JoseError('keys_unavailable', 'issuer metadata: jwks_uri: expected an https URL', {
      cause,
    })
  }
}
