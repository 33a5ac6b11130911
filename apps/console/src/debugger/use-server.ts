/** What the server of the page publishes: its name and its keys. */
import type { JwkSet } from '@tessera/jose'
import { useEffect, useState } from 'preact/hooks'
import { serverUrl } from '../server-url.ts'

export interface PublishedServer {
  readonly issuer: string
  readonly jwkSet: JwkSet
}

/** `null` until it has answered, `away` where it did not. */
export function useServer(): PublishedServer | null | 'away' {
  const [server, setServer] = useState<PublishedServer | null | 'away'>(null)
  useEffect(() => void read().then(setServer, () => setServer('away')), [])
  return server
}

async function read(): Promise<PublishedServer> {
  const [metadata, jwkSet] = await Promise.all(
    ['/.well-known/oauth-authorization-server', '/.well-known/jwks.json'].map(async (path) => {
      const response = await fetch(serverUrl + path, { credentials: 'omit' })
      if (!response.ok) throw new Error(`${path}: expected 200, got ${response.status}`)
      return (await response.json()) as Record<string, unknown>
    }),
  )
  return { issuer: String(metadata?.['issuer']), jwkSet: jwkSet as unknown as JwkSet }
}
