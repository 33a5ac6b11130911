/** `/admin/users`, `/admin/sessions`: the accounts, and where they are signed in. */
import { problem } from '@tessera/guard'
import { z } from 'zod'
import { jsonAnswer, noContent, problemAnswer } from '../../http/answer.ts'
import { readJson } from '../../http/read-body.ts'
import type { Endpoint } from '../desk.ts'
import { adminEndpoint, notCursor, notFound, pageAnswer, readPage } from './admin-endpoint.ts'

/** Nobody is made an administrator here: the local command alone does that (P10). */
export const newUserBody: z.ZodObject<{
  username: z.ZodString
  password: z.ZodString
  roles: z.ZodOptional<z.ZodArray<z.ZodString>>
}> = z.object({
  username: z.string(),
  password: z.string(),
  roles: z.array(z.string().min(1)).optional(),
})

export const listUsers: Endpoint = adminEndpoint(undefined, async ({ admin }, exchange) => {
  const read = readPage(exchange)
  if (!read.ok) return read.answer
  const { after, limit } = read.page
  const search = new URL(exchange.request.url).searchParams.get('search') ?? ''
  const users = await admin.users.list({
    ...(after !== undefined && { after }),
    ...(search !== '' && { search }),
    limit,
  })
  return pageAnswer('users', users, {
    limit,
    cursorOf: (user) => user.usernameNormalised,
    show: admin.users.show,
  })
})

export const addUser: Endpoint = adminEndpoint('user.add', async ({ admin }, { request }) => {
  const body = await readJson(request, newUserBody)
  if (!body.ok) return problemAnswer(body.problem)
  const { username, password, roles = [] } = body.value
  const result = await admin.users.add({ username, password, roles })
  if (result.status === 'added') return jsonAnswer(201, admin.users.show(result.user))
  if (result.status === 'taken') return problemAnswer(problem('username_taken', 'the user name is taken'))
  return problemAnswer(problem('body_invalid', result.why))
})

export const showUser: Endpoint = adminEndpoint(undefined, async ({ admin, store }, { path }) => {
  const user = await store.users.findById(path['id'] ?? '')
  return user === undefined ? notFound('user') : jsonAnswer(200, admin.users.show(user))
})

export const disableUser: Endpoint = adminEndpoint(
  'user.disable',
  async ({ admin, revocations }, { path }) => {
    const ended = await admin.users.disable(path['id'] ?? '')
    if (ended === undefined) return notFound('user, or he is disabled already')
    revocations.add(ended)
    return noContent
  },
)

export const enableUser: Endpoint = adminEndpoint('user.enable', async ({ admin }, { path }) =>
  (await admin.users.enable(path['id'] ?? '')) ? noContent : notFound('user, or he is not disabled'),
)

/** Roles alone: scopes, `admin` above all, are given by the local command (P10). */
export const rolesBody: z.ZodObject<{ roles: z.ZodArray<z.ZodString> }> = z.object({
  roles: z.array(z.string().min(1)),
})

export const changeRoles: Endpoint = adminEndpoint(
  'user.change_roles',
  async ({ admin, store, revocations }, { path, request }) => {
    const body = await readJson(request, rolesBody)
    if (!body.ok) return problemAnswer(body.problem)
    const userId = path['id'] ?? ''
    const result = await admin.users.changeClaims(userId, body.value)
    if (result.status === 'invalid') return problemAnswer(problem('body_invalid', result.why))
    if (result.status === 'unknown') return notFound('user')
    revocations.add(result.revocations)
    const user = await store.users.findById(userId)
    return user === undefined ? notFound('user') : jsonAnswer(200, admin.users.show(user))
  },
)

export const removeUser: Endpoint = adminEndpoint('user.remove', async ({ admin, revocations }, { path }) => {
  const ended = await admin.users.remove(path['id'] ?? '')
  if (ended === undefined) return notFound('user')
  revocations.add(ended)
  return noContent
})

export const listUserSessions: Endpoint = adminEndpoint(undefined, async ({ admin, store }, { path }) => {
  const userId = path['id'] ?? ''
  if ((await store.users.findById(userId)) === undefined) return notFound('user')
  const live = await admin.sessions.list(userId)
  return jsonAnswer(200, { sessions: live.map(admin.sessions.show) })
})

/** Newest first. */
export const listAllSessions: Endpoint = adminEndpoint(undefined, async ({ admin }, exchange) => {
  const read = readPage(exchange)
  if (!read.ok) return read.answer
  const { after, limit } = read.page
  const page = await admin.sessions.listAll({ limit, ...(after !== undefined && { after }) })
  if (page === undefined) return notCursor
  const { sessions, next } = page
  return jsonAnswer(200, {
    sessions: sessions.map(admin.sessions.showOfUser),
    ...(next !== undefined && { next }),
  })
})

export const endUserSessions: Endpoint = adminEndpoint(
  'user.end_sessions',
  async ({ admin, store, revocations }, { path }) => {
    const userId = path['id'] ?? ''
    if ((await store.users.findById(userId)) === undefined) return notFound('user')
    await admin.sessions.endAll(userId)
    await revocations.follow()
    return noContent
  },
)

export const endAnySession: Endpoint = adminEndpoint(
  'session.end',
  async ({ admin, revocations }, { path }) => {
    const hasEnded = await admin.sessions.end(path['id'] ?? '')
    if (!hasEnded) return notFound('live session')
    await revocations.follow()
    return noContent
  },
)
