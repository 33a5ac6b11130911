/** `tessera users`: the accounts of the server whose settings are in the environment. */
import { randomBytes } from 'node:crypto'
import type { AddUserResult, User } from '@tessera/server'
import { administer } from '../administer.ts'
import type { AddCommand, CommandContext } from '../command.ts'
import { CliFault } from '../fault.ts'
import { importUsers } from '../import-users.ts'
import { type Io, toText } from '../io.ts'
import { toJsonText } from '../json-text.ts'
import { readSecret } from '../secret-source.ts'

interface AddOptions {
  readonly password?: string
  readonly role?: readonly string[]
  readonly scope?: string
  readonly json?: boolean
}

interface JsonOption {
  readonly json?: boolean
}

interface ChangeOptions extends JsonOption {
  readonly role?: readonly string[]
  /** `false` where `--no-roles` is given. */
  readonly roles?: boolean
  readonly scope?: string
}

const help = `
The server may run meanwhile. Settings come from the environment, as for tessera serve.

A line of an import is a JSON object: username, password_hash (argon2*, scrypt, bcrypt or pbkdf2), and optionally id, roles,
email, email_verified, disabled, created_at. Who is there already is left as he is, so an import that broke off is run again.`

const collect = (value: string, others: readonly string[] = []): readonly string[] => [...others, value]

export const addUsers: AddCommand = (program, context) => {
  const users = program.command('users').summary("the server's accounts").addHelpText('after', help)
  users
    .command('add <username>')
    .description('Makes an account; without --password with one of its own making, which is told once.')
    .option('--password <source>', 'env:NAME, @FILE or - (standard input)')
    .option('--role <role>', 'a role that its tokens carry; again for more', collect)
    .option('--scope <scopes>', 'what its log-ins may ask for beside the account, such as admin')
    .option('--json', 'print one JSON document')
    .action((username: string, options: AddOptions) => add(username, options, context))
  users
    .command('list')
    .description('Lists the accounts.')
    .option('--json', 'print one JSON document')
    .action((options: JsonOption) => list(options, context))
  users
    .command('disable <username>')
    .description('Disables an account and ends its sessions.')
    .option('--json', 'print one JSON document')
    .action((username: string, options: JsonOption) => disable(username, options, context))
  users
    .command('enable <username>')
    .description('Lets a disabled account sign in again.')
    .option('--json', 'print one JSON document')
    .action((username: string, options: JsonOption) => enable(username, options, context))
  users
    .command('change <username>')
    .description('Gives an account other roles or scopes; its sessions go on, its older tokens are refused.')
    .option(
      '--role <role>',
      'a role that its tokens carry, in the place of those it has; again for more',
      collect,
    )
    .option('--no-roles', 'no role at all')
    .option('--scope <scopes>', 'what its log-ins may ask for beside the account; "" for nothing')
    .option('--json', 'print one JSON document')
    .action((username: string, options: ChangeOptions) => change(username, options, context))
  users
    .command('import <file>')
    .description(
      'Takes accounts of another system in, with the hashes of their passwords; - is standard input.',
    )
    .option('--json', 'print one JSON document')
    .action((path: string, options: JsonOption) => importUsers(path, options, context))
  users
    .command('export')
    .description('Writes every account as import reads it, hashes of passwords included.')
    .action(() => exportUsers(context))
}

async function add(username: string, options: AddOptions, { io }: CommandContext): Promise<void> {
  const { password: source, role: roles, scope, json = false } = options
  const typed = source === undefined ? undefined : await readPassword(source, io)
  const password = typed ?? randomBytes(18).toString('base64url')
  const user = await administer(io, async ({ users }) => {
    const wanted = { username, password, ...(roles && { roles }), ...(scope !== undefined && { scope }) }
    return users.show(added(await users.add(wanted)))
  })
  const secret = typed === undefined ? { password } : {}
  const lines = json
    ? [toJsonText({ ...user, ...secret }, 0)]
    : [`${user.username} can sign in.`, ...(typed === undefined ? [`Password, told once:  ${password}`] : [])]
  io.stdout.write(`${lines.join('\n')}\n`)
}

async function readPassword(source: string, io: Io): Promise<string> {
  return toText(await readSecret(source, io, '--password'), '--password')
}

function added(result: AddUserResult): User {
  if (result.status === 'added') return result.user
  throw new CliFault(
    'usage',
    result.status === 'invalid' ? result.why : 'the user name is taken: choose another one',
  )
}

async function list({ json = false }: JsonOption, { io, style }: CommandContext): Promise<void> {
  await administer(io, async ({ users }) => {
    if (json) {
      const all: object[] = []
      for await (const user of everyUser(users.list)) all.push(users.show(user))
      io.stdout.write(`${toJsonText({ users: all }, 0)}\n`)
      return
    }
    for await (const { username, scope, disabledAt } of everyUser(users.list)) {
      io.stdout.write(`${username.padEnd(32)}  ${disabledAt === null ? scope : style.quiet('disabled')}\n`)
    }
  })
}

const pageSize = 500

/** Page by page, so that a million accounts take no more memory than one page. */
async function* everyUser(
  read: (page: { after?: string; limit: number }) => Promise<readonly User[]>,
): AsyncGenerator<User> {
  let after: string | undefined
  for (;;) {
    const page = await read({ ...(after !== undefined && { after }), limit: pageSize })
    yield* page
    if (page.length < pageSize) return
    after = page.at(-1)?.usernameNormalised
  }
}

async function disable(
  username: string,
  { json = false }: JsonOption,
  { io }: CommandContext,
): Promise<void> {
  const ended = await administer(io, async ({ users }) => {
    const user = await users.findByName(username)
    return user && users.disable(user.id)
  })
  if (ended === undefined) throw new CliFault('usage', 'there is no such account, or it is disabled already')
  const text = json
    ? toJsonText({ status: 'disabled', username, ended_sessions: ended.length }, 0)
    : `${username} is disabled; ${ended.length} sessions ended.`
  io.stdout.write(`${text}\n`)
}

async function enable(username: string, { json = false }: JsonOption, { io }: CommandContext): Promise<void> {
  const isEnabled = await administer(io, async ({ users }) => {
    const user = await users.findByName(username)
    return user !== undefined && users.enable(user.id)
  })
  if (!isEnabled) throw new CliFault('usage', 'there is no such account, or it is not disabled')
  const text = json ? toJsonText({ status: 'enabled', username }, 0) : `${username} can sign in again.`
  io.stdout.write(`${text}\n`)
}

async function change(username: string, options: ChangeOptions, { io }: CommandContext): Promise<void> {
  const { scope, json = false } = options
  const roles = options.roles === false ? [] : options.role
  if (options.roles === false && options.role !== undefined) {
    throw new CliFault('usage', 'expected --role or --no-roles, got both')
  }
  if (roles === undefined && scope === undefined) {
    throw new CliFault('usage', 'expected what to change: --role, --no-roles or --scope')
  }
  const claims = { ...(roles !== undefined && { roles }), ...(scope !== undefined && { scope }) }
  const { user, raised } = await administer(io, async ({ users }) => {
    const found = await users.findByName(username)
    const result = found && (await users.changeClaims(found.id, claims))
    if (result?.status === 'invalid') throw new CliFault('usage', result.why)
    const changed = result?.status === 'changed' ? await users.findByName(username) : undefined
    if (changed === undefined || result?.status !== 'changed') {
      throw new CliFault('usage', 'there is no such account')
    }
    return { user: users.show(changed), raised: result.revocations.length }
  })
  const text = json
    ? toJsonText({ ...user, renewed_sessions: raised }, 0)
    : `${username}: roles ${user.roles.join(', ') || 'none'}; scope ${user.scope}. ${raised} sessions get new tokens at their next refresh.`
  io.stdout.write(`${text}\n`)
}

async function exportUsers({ io }: CommandContext): Promise<void> {
  await administer(io, async ({ users }) => {
    for await (const user of everyUser(users.list)) {
      if (user.passwordHash === null) continue
      const line = {
        id: user.id,
        username: user.username,
        password_hash: user.passwordHash,
        roles: user.roles,
        email: user.email,
        email_verified: user.emailVerifiedAt !== null,
        disabled: user.disabledAt !== null,
        created_at: user.createdAt,
      }
      io.stdout.write(`${JSON.stringify(line)}\n`)
    }
  })
}
