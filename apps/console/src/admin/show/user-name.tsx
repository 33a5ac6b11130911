import type { JSX } from 'preact'
import { useEffect, useState } from 'preact/hooks'
import { useAdmin } from '../context.ts'
import { useAdminMessages } from '../language/use-admin-messages.ts'
import { linkTo } from '../route.ts'

/** The name of an account, or `undefined` until it is known and `null` where the account is gone. */
export function useUserName(userId: string): string | null | undefined {
  const { names } = useAdmin()
  const [found, setFound] = useState<{ userId: string; name: string | null }>()
  useEffect(() => {
    let isOpen = true
    void names.nameOf(userId).then((name) => isOpen && setFound({ userId, name }))
    return () => (isOpen = false)
  }, [userId, names])
  return found?.userId === userId ? found.name : undefined
}

/** The name of an account as a link to it. */
export function UserName({ id }: { readonly id: string }): JSX.Element {
  const { audit } = useAdminMessages()
  const name = useUserName(id)
  if (name === null) return <span>{audit.gone(id.slice(0, 6))}</span>
  return <a href={linkTo('users', id)}>{name ?? `${id.slice(0, 6)}…`}</a>
}
