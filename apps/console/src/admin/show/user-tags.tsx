import type { JSX } from 'preact'
import type { User } from '../api.ts'
import { useAdmin } from '../context.ts'
import { useAdminMessages } from '../language/use-admin-messages.ts'

/** What sets an account apart: one's own, an administrator's, a disabled one. */
export function UserTags({ user }: { readonly user: User }): JSX.Element {
  const { administrator } = useAdmin()
  const { page, users } = useAdminMessages()
  const isAdministrator = user.scope.split(' ').includes('admin')
  return (
    <>
      {user.id === administrator.userId && <span class="tag">{page.you}</span>}
      {isAdministrator && <span class="tag">{users.administrator}</span>}
      {user.disabled_at !== null && <span class="tag tag-bad">{users.disabled}</span>}
    </>
  )
}
