/** `tessera secrets`: the server secrets that its database depends on. */
import { administer } from '../administer.ts'
import type { AddCommand, CommandContext } from '../command.ts'
import { CliFault } from '../fault.ts'
import { toJsonText } from '../json-text.ts'

interface JsonOption {
  readonly json?: boolean
}

const help = `
Secrets themselves are in TESSERA_SECRETS and never shown: a kid stands for each. To replace one, put a new one in front of it,
process by process: it waits, and nothing is made with it, until every running process has it. When nothing depends on the old
one, drop it and take it out. After a leak put a new one in front and drop the old one at once.`

export const addSecrets: AddCommand = (program, context) => {
  const secrets = program
    .command('secrets')
    .summary("the server's secrets, and what depends on them")
    .addHelpText('after', help)
  secrets
    .command('list')
    .description('Lists the secrets by kid, with the sessions and signing keys that depend on each.')
    .option('--json', 'print one JSON document')
    .action((options: JsonOption) => list(options, context))
  secrets
    .command('drop <kid>')
    // An id may begin with a hyphen: what is no option is the argument, and one argument too many is still refused.
    .allowUnknownOption()
    .allowExcessArguments(false)
    .description(
      'Ends every session and signing key that depends on a secret; then take it out of TESSERA_SECRETS.',
    )
    .option('--json', 'print one JSON document')
    .action((kid: string, options: JsonOption) => drop(kid, options, context))
}

async function list({ json = false }: JsonOption, { io, style }: CommandContext): Promise<void> {
  const uses = await administer(io, ({ secrets }) => secrets.list(), { evenIfSecretMissing: true })
  const rows = uses.map(({ kid, state, turn, sessions, keys, createdAt }) => ({
    kid,
    state: state === 'live' && turn === 0 ? 'waiting' : state,
    sessions,
    keys,
    created_at: createdAt,
  }))
  const lines = json
    ? [toJsonText({ secrets: rows }, 0)]
    : rows.map(({ kid, state, sessions, keys }) =>
        [kid, state.padEnd(7), style.quiet(`${sessions} sessions, ${keys} signing keys`)].join('  '),
      )
  io.stdout.write(`${lines.join('\n')}\n`)
}

async function drop(kid: string, { json = false }: JsonOption, { io }: CommandContext): Promise<void> {
  const dropped = await administer(io, ({ secrets }) => secrets.drop(kid), { evenIfSecretMissing: true })
  if (dropped === undefined)
    throw new CliFault('usage', 'there is no such live secret: tessera secrets list shows them')
  const { sessions, keys } = dropped
  const lines = json
    ? [toJsonText({ status: 'dropped', kid, sessions, keys }, 0)]
    : [
        `${kid} is dropped: ${sessions} sessions and ${keys} signing keys have ended.`,
        'Take it out of TESSERA_SECRETS and start the server again; it does not start with it.',
      ]
  io.stdout.write(`${lines.join('\n')}\n`)
}
