/** Where the keys of a remote JWK Set come from: a URL, or an issuer that says where it publishes them. */
import { JoseError } from '../errors.ts'
import { discoverJwksUri } from './discovery.ts'
import { fetchJson, type FetchedJson, type FetchSettings, requireSecureUrl } from './fetch-json.ts'

export interface KeySource {
  /** What it was made for, as snapshots and stores name it. */
  readonly url: string
  /** @throws {JoseError} `keys_unavailable` */
  fetch(): Promise<FetchedJson>
}

/** @throws {JoseError} `option_invalid` for a URL that is not https (http only on this machine) */
export function openKeySource(
  source: string | URL | { readonly issuer: string },
  settings: FetchSettings,
): KeySource {
  if (typeof source === 'object' && source !== null && 'issuer' in source) {
    const { issuer } = source
    const { search, hash } = requireSecureUrl(issuer, 'createRemoteJwkSet: issuer')
    if (search !== '' || hash !== '' || /[?#]/.test(issuer)) {
      throw new JoseError(
        'option_invalid',
        'createRemoteJwkSet: issuer: expected a URL without query and fragment',
      )
    }
    return { url: issuer, fetch: async () => fetchJson(await discoverJwksUri(issuer, settings), settings) }
  }
  const url = requireSecureUrl(source, 'createRemoteJwkSet')
  return { url: url.href, fetch: () => fetchJson(url, settings) }
}
