import type { JSX } from 'preact'
import { useAdmin } from '../context.ts'
import { useAdminMessages } from '../language/use-admin-messages.ts'
import { linkTo } from '../route.ts'
import { RowText } from '../../show/facts.tsx'
import { Heading } from '../../show/heading.tsx'
import { useShortDate } from '../../show/moment.tsx'
import { NameForm } from '../show/name-form.tsx'
import { Rows } from '../../show/rows.tsx'
import { UserTags } from '../show/user-tags.tsx'
import { useList } from '../../show/use-list.ts'

export function Users({ search }: { readonly search: string }): JSX.Element {
  const { api } = useAdmin()
  const { sections, users, page } = useAdminMessages()
  const date = useShortDate()
  const list = useList(search, (after) =>
    api.listUsers({ ...(search !== '' && { search }), ...(after !== undefined && { after }) }),
  )
  return (
    <>
      <Heading title={sections.users} lead={users.lead} />
      <p class="actions">
        <a class="button" href={linkTo('users', 'new')}>
          {users.add}
        </a>
      </p>
      <NameForm
        label={users.search}
        verb={users.find}
        value={search}
        onAsk={(text) => (location.hash = linkTo('users', undefined, { search: text }))}
      />
      {search !== '' && (
        <p>
          <a href={linkTo('users')}>{users.all}</a>
        </p>
      )}
      <Rows
        list={list}
        label={sections.users}
        empty={search === '' ? users.none : users.noneFound(search)}
        keyOf={(user) => user.id}
        show={(user) => (
          <RowText
            title={
              <>
                <a href={linkTo('users', user.id)}>{user.username}</a>
                <UserTags user={user} />
              </>
            }
            facts={[
              users.made(date(user.created_at)),
              `${users.roles}: ${user.roles.length === 0 ? page.none : user.roles.join(', ')}`,
            ]}
          />
        )}
      />
    </>
  )
}
