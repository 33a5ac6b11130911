/** `tessera sessions`: where the accounts of the server are signed in. */
import type { SessionAdministration, ShownSession, ShownSessionOfUser } from '@tessera/server'
import { administer } from '../administer.ts'
import type { AddCommand, CommandContext } from '../command.ts'
import { CliFault } from '../fault.ts'
import { toJsonText } from '../json-text.ts'

interface JsonOption {
  readonly json?: boolean
}

const help = `
The server may run meanwhile: it refuses the tokens of what is ended within a second. Settings come from the environment, as
for tessera serve.`

export const addSessions: AddCommand = (program, context) => {
  const sessions = program
    .command('sessions')
    .summary('where accounts are signed in')
    .addHelpText('after', help)
  sessions
    .command('list [username]')
    .description(
      'Lists the live sessions of an account, latest used first; without a name those of everybody, newest first.',
    )
    .option('--json', 'print one JSON document')
    .action((username: string | undefined, options: JsonOption) =>
      username === undefined ? listAll(options, context) : list(username, options, context),
    )
  sessions
    .command('revoke <session>')
    // An id may begin with a hyphen: what is no option is the argument, and one argument too many is still refused.
    .allowUnknownOption()
    .allowExcessArguments(false)
    .description('Ends a session by its id; with --user every session of an account.')
    .option('--user', 'the argument is a user name: end all of that account')
    .option('--json', 'print one JSON document')
    .action((name: string, options: JsonOption & { user?: boolean }) => revoke(name, options, context))
}

async function list(
  username: string,
  { json = false }: JsonOption,
  { io, style }: CommandContext,
): Promise<void> {
  const found = await administer(io, async ({ users, sessions }) => {
    const user = await users.findByName(username)
    return user && (await sessions.list(user.id)).map(sessions.show)
  })
  if (found === undefined) throw new CliFault('usage', 'there is no such account')
  if (json) {
    io.stdout.write(`${toJsonText({ sessions: found }, 0)}\n`)
    return
  }
  if (found.length === 0) io.stdout.write('Signed in nowhere.\n')
  for (const session of found) io.stdout.write(`${lineOf(session, style)}\n`)
}

async function listAll({ json = false }: JsonOption, { io, style }: CommandContext): Promise<void> {
  await administer(io, async ({ sessions }) => {
    if (json) {
      const all: object[] = []
      for await (const session of everySession(sessions)) all.push(session)
      io.stdout.write(`${toJsonText({ sessions: all }, 0)}\n`)
      return
    }
    for await (const session of everySession(sessions)) {
      io.stdout.write(`${lineOf(session, style)}  ${session.username}\n`)
    }
  })
}

function lineOf(
  { session_id, label, address_prefix, last_used_at }: ShownSession,
  style: CommandContext['style'],
): string {
  const used = style.quiet(new Date(last_used_at * 1000).toISOString().replace('.000', ''))
  return `${session_id}  ${used}  ${address_prefix.padEnd(18)}  ${label}`
}

const pageSize = 500

/** Page by page, so that a million sessions take no more memory than one page. */
async function* everySession(sessions: SessionAdministration): AsyncGenerator<ShownSessionOfUser> {
  let after: string | undefined
  do {
    const page = await sessions.listAll({ ...(after !== undefined && { after }), limit: pageSize })
    yield* (page?.sessions ?? []).map(sessions.showOfUser)
    after = page?.next
  } while (after !== undefined)
}

async function revoke(
  name: string,
  { user: isUser = false, json = false }: JsonOption & { readonly user?: boolean },
  { io }: CommandContext,
): Promise<void> {
  const ended = await administer(io, async ({ users, sessions }) => {
    if (!isUser) return (await sessions.end(name)) ? 1 : undefined
    const user = await users.findByName(name)
    return user && sessions.endAll(user.id)
  })
  if (ended === undefined) {
    throw new CliFault('usage', isUser ? 'there is no such account' : 'there is no such live session')
  }
  const text = json
    ? toJsonText({ status: 'revoked', ended }, 0)
    : `${ended} ended. Guards that follow the revocation feed refuse the tokens within their bound.`
  io.stdout.write(`${text}\n`)
}
