/** `tessera migrate`: the database's schema, before anything is started. */
import type { AddCommand, CommandContext } from '../command.ts'
import { CliFault } from '../fault.ts'
import { toJsonText } from '../json-text.ts'
import { startFailures } from '../start-failures.ts'

interface MigrateOptions {
  readonly check?: boolean
  readonly json?: boolean
}

const help = `
Every start of the server does so too. Settings come from the environment, as for tessera serve. There is no way back: take a
backup before a new version.`

export const addMigrate: AddCommand = (program, context) => {
  program
    .command('migrate')
    .summary('bring the database to this version')
    .description('Brings the database to the schema of this version, under a lock, and ends.')
    .option('--check', 'change nothing: list what is to be done, and end with 2 if there is anything')
    .option('--json', 'print one JSON document')
    .addHelpText('after', help)
    .action((options: MigrateOptions) => runMigrate(options, context))
}

async function runMigrate({ check = false, json = false }: MigrateOptions, context: CommandContext) {
  const { io } = context
  const { checkMigrations, isStartError, migrate } = await import('@tessera/server')
  try {
    if (check) return report(await checkMigrations({ environment: io.env }), json, context)
    await migrate({ environment: io.env })
    io.stdout.write(json ? `${toJsonText({ status: 'migrated' }, 0)}\n` : 'The database is up to date.\n')
  } catch (error) {
    if (isStartError(error)) throw new CliFault(startFailures[error.code], error.message)
    throw error
  }
}

function report(pending: readonly string[], json: boolean, { io, fail }: CommandContext): void {
  const isCurrent = pending.length === 0
  const status = isCurrent ? 'current' : 'pending'
  const lines = isCurrent
    ? ['The database is up to date.']
    : ['To be applied by "tessera migrate", or by the next start:', ...pending]
  io.stdout.write(json ? `${toJsonText({ status, pending }, 0)}\n` : `${lines.join('\n')}\n`)
  if (!isCurrent) fail('usage')
}
