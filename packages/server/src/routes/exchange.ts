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

type Lookups = Pick<Exchange, 'addressPrefix' | 'isLocal'>

interface Sent {
  readonly request: Incoming
  readonly remoteAddress: string | undefined
  readonly trustProxy: number
}

/** Found out for whoever asks. One prototype: accessors in a literal cost ten times the object. */
const lookups: Lookups & ThisType<Sent> = {
  get addressPrefix() {
    const { request, remoteAddress, trustProxy } = this
    return addressPrefix(clientAddress(request.headers, remoteAddress, trustProxy))
  },
  get isLocal() {
    const { request, remoteAddress, trustProxy } = this
    // Where proxies are expected, what comes from here is theirs.
    return trustProxy === 0 && isLocalRequest(request.headers, remoteAddress)
  },
}

type Unfinished<Type> = { -readonly [Name in keyof Type]: Type[Name] }

export function exchangeOf(request: Incoming, { path, info, config }: ExchangeParts): Exchange {
  const exchange = Object.create(lookups) as Unfinished<Exchange & Sent>
  exchange.request = request
  exchange.path = path
  exchange.remoteAddress = info.remoteAddress
  exchange.trustProxy = config.trustProxy
  return exchange
}
