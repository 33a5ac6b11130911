/** An exchange: one request, and what is found out about it for whoever asks. */
import type { CheckedConfig } from '../config/check-config.ts'
import { clientAddress, isLocalRequest } from '../http/client-address.ts'
import type { Incoming } from '../http/incoming.ts'
import { addressPrefix } from '../sessions/address-prefix.ts'
import type { Exchange } from './desk.ts'

/** What the host of the server knows of a request, and its `Request` does not say. */
export interface RequestInfo {
  /** The peer of the connection. */
  readonly remoteAddress?: string
}

interface ExchangeParts {
  readonly path: Exchange['path']
  readonly info: RequestInfo
  readonly config: CheckedConfig
}

/** Where a request came from is found out for whoever asks. */
export function exchangeOf(request: Incoming, { path, info, config }: ExchangeParts): Exchange {
  const { trustProxy } = config
  const { remoteAddress } = info
  return {
    request,
    path,
    get addressPrefix() {
      return addressPrefix(clientAddress(request.headers, remoteAddress, trustProxy))
    },
    get isLocal() {
      // Where proxies are expected, what comes from here is theirs.
      return trustProxy === 0 && isLocalRequest(request.headers, remoteAddress)
    },
  }
}
