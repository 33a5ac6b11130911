/** The signing keys in their states, and what can be done with them in a hurry. */
import { isClientError } from '@tessera/client'
import type { JSX } from 'preact'
import type { Key } from '../api.ts'
import { useAdmin } from '../context.ts'
import { useAdminMessages } from '../language/use-admin-messages.ts'
import { RowText } from '../../show/facts.tsx'
import { Heading } from '../../show/heading.tsx'
import { useShortDate } from '../../show/moment.tsx'
import { Rows } from '../../show/rows.tsx'
import { useList, type List } from '../../show/use-list.ts'

const purposes = ['access', 'feed'] as const
const order: readonly Key['state'][] = ['active', 'next', 'retired', 'gone']

export function Keys(): JSX.Element {
  const { api } = useAdmin()
  const { sections, keys: words } = useAdminMessages()
  const list = useList('keys', async () => ({ rows: sorted(await api.listKeys()) }))
  return (
    <>
      <Heading title={sections.keys} lead={words.lead} />
      {purposes.map((purpose) => (
        <section key={purpose} aria-labelledby={`keys-${purpose}`}>
          <h2 id={`keys-${purpose}`}>{words.purposes[purpose]}</h2>
          <KeyList purpose={purpose} list={list} />
        </section>
      ))}
    </>
  )
}

/** Those that sign first, and of one state the youngest first. */
function sorted(keys: readonly Key[]): readonly Key[] {
  return [...keys].sort(
    (one, other) =>
      order.indexOf(one.state) - order.indexOf(other.state) || other.created_at - one.created_at,
  )
}

interface KeyListProps {
  readonly purpose: (typeof purposes)[number]
  readonly list: List<Key>
}

function KeyList({ purpose, list }: KeyListProps): JSX.Element {
  const { keys: words } = useAdminMessages()
  const rows = list.rows.filter((key) => key.purpose === purpose)
  const canRotate = purpose === 'access' && rows.some(({ state }) => state === 'active')
  return (
    <>
      <Rows
        list={{ ...list, rows }}
        label={words.purposes[purpose] ?? purpose}
        empty={words.none}
        keyOf={(key) => key.kid}
        show={(key) => <KeyRow signingKey={key} reload={list.reload} />}
      />
      {canRotate && <Rotate reload={list.reload} />}
    </>
  )
}

function Rotate({ reload }: { readonly reload: () => Promise<void> }): JSX.Element {
  const { api, confirm } = useAdmin()
  const { keys: words } = useAdminMessages()
  const date = useShortDate()
  /** 409 says from when it is possible. */
  const explain = (error: unknown): string | undefined => {
    if (!isClientError(error) || error.status !== 409) return undefined
    const possibleAt = /\d{9,}/.exec(error.detail ?? '')?.[0]
    return possibleAt === undefined ? words.sharedSecret : words.tooEarly(date(Number(possibleAt)))
  }
  const rotate = (): void =>
    confirm({ words: words.rotate, name: '', act: () => api.rotateKeys(), after: reload, explain })
  return (
    <p class="actions">
      <button type="button" onClick={rotate}>
        {words.rotate.verb}
      </button>
    </p>
  )
}

interface KeyRowProps {
  readonly signingKey: Key
  readonly reload: () => Promise<void>
}

function KeyRow({ signingKey: key, reload }: KeyRowProps): JSX.Element {
  const { api, confirm } = useAdmin()
  const { keys: words } = useAdminMessages()
  const date = useShortDate()
  const short = key.kid.slice(0, 6)
  const notes = [
    ...(key.state === 'active' ? [words.revokeActive] : []),
    ...(key.purpose === 'feed' ? [words.revokeFeed] : []),
  ]
  const revoke = (): void =>
    confirm({
      words: words.revoke,
      name: short,
      notes,
      typed: short,
      act: () => api.revokeKey(key.kid),
      after: reload,
    })
  return (
    <RowText
      title={
        <>
          <code class="kid">{key.kid}</code>
          <span class={`tag tag-${key.state}`}>
            {key.revoked_at === null ? words.states[key.state] : words.calledBack}
          </span>
        </>
      }
      facts={[
        words.statesMean[key.state],
        key.algorithm,
        words.made(date(key.created_at)),
        key.activated_at !== null && words.signsSince(date(key.activated_at)),
        key.retired_at !== null && words.retired(date(key.retired_at)),
        key.revoked_at !== null && words.revokedAt(date(key.revoked_at)),
      ]}
    >
      {key.state !== 'gone' && (
        <button type="button" class="danger" aria-label={`${words.revoke.verb}: ${short}`} onClick={revoke}>
          {words.revoke.verb}
        </button>
      )}
    </RowText>
  )
}
