/** `tessera doctor`: what keeps the server of these settings from working, and what to do. */
import type { Administration, StartError } from '@tessera/server'
import { administer } from '../administer.ts'
import type { AddCommand, CommandContext } from '../command.ts'
import { examineServer, type Finding } from '../examine-server.ts'
import { CliFault } from '../fault.ts'
import type { Io } from '../io.ts'
import { toJsonText, toPlainText } from '../json-text.ts'

interface DoctorOptions {
  readonly offline?: boolean
  readonly json?: boolean
}

const help = `
Settings come from the environment, as for tessera serve. Nothing of the database is changed; no answer shows a secret.`

export const addDoctor: AddCommand = (program, context) => {
  program
    .command('doctor')
    .summary('what keeps the server from working')
    .description(
      'Examines what a server needs: its settings, its database, secrets and keys, and whether it answers where clients look for it.',
    )
    .option('--offline', 'leave out the running server')
    .option('--json', 'print one JSON document')
    .addHelpText('after', help)
    .action(async (options: DoctorOptions) => report(await examine(options, context.io), options, context))
}

/** One after the other: what a later one needs, an earlier one has found good. */
async function examine({ offline = false }: DoctorOptions, io: Io): Promise<readonly Finding[]> {
  const database = await examineDatabase(io)
  if (database.some(({ outcome }) => outcome !== 'good')) return [runtime(), ...database]
  try {
    return await administer(io, async (administration) => [
      runtime(),
      ...database,
      { examined: 'secrets', outcome: 'good', says: 'all that the database depends on are here' },
      ...(await examineKeys(administration, offline ? undefined : io)),
    ])
  } catch (error) {
    if (!(error instanceof CliFault)) throw error
    return [runtime(), ...database.slice(0, 1), unopened(error)]
  }
}

/** A database of this version that cannot be worked on: a secret is missing, or it is an older state of itself. */
function unopened({ failure, message }: CliFault): Finding {
  if (failure !== 'usage') {
    const next = 'After restoring a backup: tessera data recovered.'
    return { examined: 'database', outcome: 'bad', says: message, next }
  }
  const next =
    'Put every secret that is in use into TESSERA_SECRETS, the newest first (tessera secrets list).'
  return { examined: 'secrets', outcome: 'bad', says: message, next }
}

function runtime(): Finding {
  return { examined: 'runtime', outcome: 'good', says: `Node ${process.versions.node}` }
}

const databaseNext: Partial<Record<StartError['code'], string>> = {
  database_unusable: 'See that TESSERA_DATABASE is right, the database runs, and this user may use it.',
  database_foreign: 'Run the version that wrote it, or name another database.',
}

async function examineDatabase({ env }: Io): Promise<readonly Finding[]> {
  const { checkMigrations, isStartError } = await import('@tessera/server')
  const settings: Finding = { examined: 'settings', outcome: 'good', says: 'complete and understood' }
  try {
    const pending = await checkMigrations({ environment: env })
    if (pending.length === 0)
      return [settings, { examined: 'database', outcome: 'good', says: 'reached, and of this version' }]
    const says = `${pending.length} migrations are to be applied`
    const next = 'Start the server, or run tessera migrate.'
    return [settings, { examined: 'database', outcome: 'warning', says, next }]
  } catch (error) {
    if (!isStartError(error)) throw error
    const { code, message } = error
    if (code === 'config_invalid') {
      const next = 'Every setting is told in docs/configuration.md.'
      return [{ examined: 'settings', outcome: 'bad', says: message, next }]
    }
    const next = databaseNext[code] ?? 'See the message.'
    return [settings, { examined: 'database', outcome: 'bad', says: message, next }]
  }
}

/** @param io - absent: the running server is left out */
async function examineKeys(
  { keys, issuer, algorithm }: Administration,
  io: Io | undefined,
): Promise<readonly Finding[]> {
  const isShared = algorithm === 'HS256'
  const active = isShared
    ? undefined
    : (await keys.list()).find(
        (key) => key.state === 'active' && key.purpose === 'access' && key.algorithm === algorithm,
      )
  const finding: Finding =
    isShared || active !== undefined
      ? {
          examined: 'keys',
          outcome: 'good',
          says: isShared ? 'a shared secret signs (HS256)' : `${algorithm}, ${active?.kid}`,
        }
      : {
          examined: 'keys',
          outcome: 'warning',
          says: `no key of ${algorithm} signs yet`,
          next: 'The first start of the server makes one.',
        }
  return [finding, ...(io === undefined ? [] : await examineServer(issuer, active?.kid, io))]
}

const marks = { good: '✓', warning: '!', bad: '✗' } as const

function report(
  findings: readonly Finding[],
  { json = false }: DoctorOptions,
  context: CommandContext,
): void {
  const { io, style, fail } = context
  const worst = findings.find(({ outcome }) => outcome === 'bad')
  if (worst !== undefined)
    fail(worst.examined === 'settings' || worst.examined === 'secrets' ? 'usage' : 'unreachable')
  if (json) {
    io.stdout.write(`${toJsonText({ ok: worst === undefined, findings })}\n`)
    return
  }
  const paint = { good: style.good, warning: style.warning, bad: style.bad }
  const lines = findings.flatMap(({ examined, outcome, says, next }) => [
    `${paint[outcome](`${marks[outcome]} ${examined.padEnd(9)}`)} ${toPlainText(says)}`,
    ...(next === undefined ? [] : [`            Next: ${next}`]),
  ])
  io.stdout.write(`${lines.join('\n')}\n`)
}
