import type { JSX } from 'preact'
import type { Client } from '../api.ts'
import { serverUrl } from '../../server-url.ts'
import { useAdminMessages } from '../language/use-admin-messages.ts'
import { linkTo } from '../route.ts'
import { Heading } from '../../show/heading.tsx'
import { ToldOnce } from './told-once.tsx'

export interface ClientSecretProps {
  readonly client: Client
  readonly title: string
  /** Called in the place of the way to the list, where that is in sight already. */
  readonly onDone?: () => void
}

/** A client that was just made or has a new secret, which is told this once; one with keys of its own has none. */
export function ClientSecret({ client, title, onDone }: ClientSecretProps): JSX.Element {
  const { newClient } = useAdminMessages()
  const { client_id: id, client_secret: secret } = client
  const curl = `curl -u '${encodeURIComponent(id)}:…' ${serverUrl}/token -d grant_type=client_credentials`
  return (
    <>
      <Heading title={title} />
      {secret !== undefined && (
        <>
          <ToldOnce name={newClient.secret} value={secret} warning={newClient.secretOnce} />
          <p>{newClient.useIt}</p>
          <pre class="command">{curl}</pre>
        </>
      )}
      <p class="actions">
        <a class="button" href={linkTo('clients')} {...(onDone !== undefined && { onClick: onDone })}>
          {newClient.done}
        </a>
      </p>
    </>
  )
}
