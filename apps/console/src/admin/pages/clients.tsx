import type { JSX } from 'preact'
import { useState } from 'preact/hooks'
import type { Client } from '../api.ts'
import { useAdmin } from '../context.ts'
import { useAdminMessages } from '../language/use-admin-messages.ts'
import { linkTo } from '../route.ts'
import { ClientSecret } from '../show/client-secret.tsx'
import { RowText } from '../../show/facts.tsx'
import { Heading } from '../../show/heading.tsx'
import { useShortDate } from '../../show/moment.tsx'
import { Rows } from '../../show/rows.tsx'
import { useList } from '../../show/use-list.ts'

export function Clients(): JSX.Element {
  const { clients } = useAdminMessages()
  const [fresh, setFresh] = useState<Client | null>(null)
  if (fresh === null) return <ClientList onSecret={setFresh} />
  const title = clients.newSecret(fresh.client_id)
  return <ClientSecret client={fresh} title={title} onDone={() => setFresh(null)} />
}

interface ClientListProps {
  readonly onSecret: (client: Client) => void
}

function ClientList({ onSecret }: ClientListProps): JSX.Element {
  const { api } = useAdmin()
  const { sections, clients } = useAdminMessages()
  const list = useList('clients', (after) => api.listClients({ ...(after !== undefined && { after }) }))
  return (
    <>
      <Heading title={sections.clients} lead={clients.lead} />
      <p class="actions">
        <a class="button" href={linkTo('clients', 'new')}>
          {clients.add}
        </a>
      </p>
      <Rows
        list={list}
        label={sections.clients}
        empty={clients.none}
        keyOf={(client) => client.client_id}
        show={(client) => <ClientRow client={client} reload={list.reload} onSecret={onSecret} />}
      />
    </>
  )
}

interface ClientRowProps extends ClientListProps {
  readonly client: Client
  readonly reload: () => Promise<void>
}

function ClientRow({ client, reload, onSecret }: ClientRowProps): JSX.Element {
  const { api, confirm } = useAdmin()
  const { page, clients: words } = useAdminMessages()
  const date = useShortDate()
  const { client_id: id, name, revoked_at: revokedAt } = client
  const revoke = (): void =>
    confirm({ words: words.revoke, name: id, act: () => api.revokeClient(id), after: reload })
  const rotate = (): void => {
    let withSecret = client
    confirm({
      words: words.rotate,
      name: id,
      act: async () => void (withSecret = await api.rotateSecret(id)),
      after: () => onSecret(withSecret),
    })
  }
  return (
    <RowText
      title={
        <>
          <code>{id}</code>
          {name !== id && <span>{name}</span>}
          {revokedAt !== null && <span class="tag tag-bad">{words.revokedAt(date(revokedAt))}</span>}
        </>
      }
      facts={[
        words.authentication[client.authentication],
        <>
          {words.scope} <code>{client.scope === '' ? page.none : client.scope}</code>
        </>,
        <>
          {words.audiences} <code>{client.audiences.join(' ')}</code>
        </>,
        client.roles.length > 0 && `${words.roles}: ${client.roles.join(', ')}`,
        words.registered(date(client.created_at)),
      ]}
    >
      {revokedAt === null && client.authentication === 'client_secret' && (
        <button type="button" aria-label={`${words.rotate.verb}: ${id}`} onClick={rotate}>
          {words.rotate.verb}
        </button>
      )}
      {revokedAt === null && (
        <button type="button" aria-label={`${words.revoke.verb}: ${id}`} onClick={revoke}>
          {words.revoke.verb}
        </button>
      )}
    </RowText>
  )
}
