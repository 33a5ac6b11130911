import { ClientError } from '@tessera/client'
import { expect, test } from 'vitest'
import type { User } from '../../src/admin/api.ts'
import { createUserNames } from '../../src/admin/user-names.ts'

test('a name is asked for once; what is gone stays gone, and a failure is tried again', async () => {
  const asked: string[] = []
  let isAway = true
  const names = createUserNames({
    async findUser(id) {
      asked.push(id)
      if (id === 'gone') throw new ClientError('not_found', '')
      if (isAway) throw new ClientError('unavailable', '')
      return Promise.resolve({ id, username: 'ada' } as User)
    },
  })
  expect(await names.nameOf('u1')).toBeNull()
  isAway = false
  expect(await Promise.all([names.nameOf('u1'), names.nameOf('u1')])).toEqual(['ada', 'ada'])
  expect([await names.nameOf('gone'), await names.nameOf('gone')]).toEqual([null, null])
  expect(asked).toEqual(['u1', 'u1', 'gone'])
})
