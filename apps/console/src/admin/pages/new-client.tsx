import type { JSX } from 'preact'
import { useState } from 'preact/hooks'
import { Prose } from '../../show/prose.tsx'
import type { Client, NewClient as ClientRequest } from '../api.ts'
import { useAdmin } from '../context.ts'
import { useAdminMessages } from '../language/use-admin-messages.ts'
import { linkTo } from '../route.ts'
import { Fault } from '../../show/fault.tsx'
import { ClientSecret } from '../show/client-secret.tsx'
import { Heading } from '../../show/heading.tsx'
import { TextField, textOf, wordsOf } from '../../show/text-field.tsx'

export function NewClient(): JSX.Element {
  const { page, sections, newClient } = useAdminMessages()
  const [added, setAdded] = useState<Client | null>(null)
  return (
    <>
      <p class="back">
        <a href={linkTo('clients')}>{page.back(sections.clients)}</a>
      </p>
      {added === null ? (
        <NewClientForm onAdded={setAdded} />
      ) : (
        <ClientSecret client={added} title={newClient.added(added.client_id)} />
      )}
    </>
  )
}

/** What the fields say; `null` where the keys are no JSON. */
function readClient(form: HTMLFormElement, withKeys: boolean): ClientRequest | null {
  const [name, scopes, audiences] = [
    textOf(form, 'client-name'),
    wordsOf(form, 'scope'),
    wordsOf(form, 'audiences'),
  ]
  const jwks = withKeys ? parseJson(textOf(form, 'jwks')) : undefined
  if (withKeys && jwks === undefined) return null
  return {
    client_id: textOf(form, 'client-id'),
    ...(name !== '' && { name }),
    ...(scopes.length > 0 && { scope: scopes.join(' ') }),
    ...(audiences.length > 0 && { audiences }),
    ...(jwks !== undefined && { jwks }),
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

function NewClientForm({ onAdded }: { readonly onAdded: (client: Client) => void }): JSX.Element {
  const { api } = useAdmin()
  const { newClient } = useAdminMessages()
  const [withKeys, setWithKeys] = useState(false)
  const [isUnreadable, setUnreadable] = useState(false)
  const [error, setError] = useState<unknown>(null)
  const [isBusy, setBusy] = useState(false)

  async function add(form: HTMLFormElement): Promise<void> {
    const wanted = readClient(form, withKeys)
    setUnreadable(wanted === null)
    setError(null)
    if (isBusy || wanted === null) return
    setBusy(true)
    await api.addClient(wanted).then(onAdded, (fault: unknown) => {
      setError(fault)
      setBusy(false)
    })
  }

  return (
    <>
      <Heading title={newClient.title} lead={newClient.lead} />
      <form
        aria-busy={isBusy}
        onSubmit={(event) => {
          event.preventDefault()
          void add(event.currentTarget)
        }}
      >
        <TextField name="client-id" label={newClient.id} hint={newClient.idHint} input={{ required: true }} />
        <TextField name="client-name" label={newClient.name} hint={newClient.nameHint} />
        <TextField name="scope" label={newClient.scope} hint={newClient.scopeHint} />
        <TextField name="audiences" label={newClient.audiences} hint={newClient.audiencesHint} />
        <Proof withKeys={withKeys} onChange={setWithKeys} isUnreadable={isUnreadable} />
        {error !== null && <Fault error={error} />}
        <p class="actions">
          <button type="submit" class="main">
            {newClient.add}
          </button>
        </p>
      </form>
    </>
  )
}

interface ProofProps {
  readonly withKeys: boolean
  readonly onChange: (withKeys: boolean) => void
  readonly isUnreadable: boolean
}

/** How the client proves itself: with a secret of ours, or with keys of its own. */
function Proof({ withKeys, onChange, isUnreadable }: ProofProps): JSX.Element {
  const { newClient } = useAdminMessages()
  const ways = [
    [false, newClient.withSecret],
    [true, newClient.withKeys],
  ] as const
  return (
    <fieldset>
      <legend>{newClient.how}</legend>
      {ways.map(([value, text]) => (
        <label key={String(value)} class="check">
          <input type="radio" name="proof" checked={withKeys === value} onChange={() => onChange(value)} />{' '}
          <span>
            <Prose text={text} />
          </span>
        </label>
      ))}
      {withKeys && (
        <p class="field">
          <label for="jwks">{newClient.keys}</label>
          <textarea
            id="jwks"
            name="jwks"
            class="plain"
            rows={6}
            spellcheck={false}
            aria-describedby="jwks-hint"
          />
          <span id="jwks-hint" class="hint">
            <Prose text={newClient.keysHint} />
          </span>
        </p>
      )}
      {isUnreadable && (
        <p role="alert" class="bad">
          {newClient.keysInvalid}
        </p>
      )}
    </fieldset>
  )
}
