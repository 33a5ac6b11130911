import type { JSX } from 'preact'
import { useEffect } from 'preact/hooks'
import { useAdmin } from '../context.ts'
import { useAdminMessages } from '../language/use-admin-messages.ts'
import { linkTo, type Section } from '../route.ts'
import { useList } from '../../show/use-list.ts'
import { RowText } from '../../show/facts.tsx'
import { Rows } from '../../show/rows.tsx'

export interface ChooseUserProps {
  readonly section: Section
  /** A part of the name. */
  readonly search: string
}

/** Accounts whose name has a text in it, each a link to what the section has of it. A single one is taken at once. */
export function ChooseUser({ section, search }: ChooseUserProps): JSX.Element {
  const { api } = useAdmin()
  const { users } = useAdminMessages()
  const list = useList(search, (after) => api.listUsers({ search, ...(after !== undefined && { after }) }))
  const only = list.status === 'ready' && list.rows.length === 1 ? list.rows[0] : undefined
  useEffect(() => {
    if (only !== undefined) location.replace(linkTo(section, undefined, { id: only.id }))
  }, [only])
  return (
    <Rows
      list={list}
      label={users.search}
      empty={users.noneFound(search)}
      keyOf={(user) => user.id}
      show={(user) => (
        <RowText
          title={<a href={linkTo(section, undefined, { id: user.id })}>{user.username}</a>}
          facts={[]}
        />
      )}
    />
  )
}
