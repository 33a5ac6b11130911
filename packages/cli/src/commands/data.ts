/** `tessera data`: moves everything that a server keeps from one database to another. */
import type { Administration } from '@tessera/server'
import { administer } from '../administer.ts'
import type { AddCommand, CommandContext } from '../command.ts'
import { CliFault } from '../fault.ts'
import type { Io } from '../io.ts'
import { toJsonText } from '../json-text.ts'

type Counts = Awaited<ReturnType<Administration['data']['import']>>

const help = `
A move from SQLite to PostgreSQL, live sessions included:

  tessera data export | TESSERA_DATABASE=postgres://… tessera data import

From the export on the old database answers no write; "tessera data reopen" takes that back and ends the sessions that
were handed over. A bundle is encrypted under the server's secrets (TESSERA_SECRETS), which both sides need.`

export const addData: AddCommand = (program, context) => {
  const data = program
    .command('data')
    .summary("moves the server's data to another database")
    .addHelpText('after', help)
  data
    .command('export')
    .description(
      'Writes everything to standard output, and hands it over: this database answers no write afterwards.',
    )
    .option('--copy', 'users, clients and the audit trail only: no session, no key, and the database goes on')
    .action((options: { copy?: boolean }) => exportData(options, context))
  data
    .command('import')
    .description('Takes in what an export wrote, from standard input, into a database without users.')
    .option('--accept-old', 'also when its sessions were handed over more than a day ago')
    .option('--json', 'print one JSON document')
    .action((options: { acceptOld?: boolean; json?: boolean }) => importData(options, context))
  data
    .command('recovered')
    .description(
      'Makes a restored backup fit to serve, with the server stopped: what it would undo is done once more.',
    )
    .option('--keep-sessions', 'sessions go on, also those that ended since the backup was made')
    .option('--json', 'print one JSON document')
    .action((options: { keepSessions?: boolean; json?: boolean }) => recoverData(options, context))
  data
    .command('reopen')
    .description('Takes a hand-over back: the database goes on, and the sessions that were handed over end.')
    .option('--json', 'print one JSON document')
    .action((options: { json?: boolean }) => reopen(options, context))
}

async function recoverData(
  { keepSessions = false, json = false }: { keepSessions?: boolean; json?: boolean },
  { io }: CommandContext,
): Promise<void> {
  const recovery = await administer(io, ({ data }) => data.recover({ keepSessions }), { evenIfOlder: true })
  const lines = [
    keepSessions
      ? 'Sessions go on. Those that ended since the backup was made live again until they end once more.'
      : `${recovery.endedSessions} sessions have ended: everybody signs in again.`,
    `${recovery.retiredKeys} signing keys are retired, ${recovery.revokedKeys} that were called back since are so again.`,
    `${recovery.lockedUsers} users changed their password since: they have to set a new one.`,
  ]
  io.stdout.write(json ? `${toJsonText({ status: 'recovered', ...recovery }, 0)}\n` : `${lines.join('\n')}\n`)
}

async function exportData({ copy = false }: { copy?: boolean }, { io }: CommandContext): Promise<void> {
  const write = async (line: string): Promise<void> => {
    // A reader that is slower than the database is waited for.
    if (io.stdout.write(`${line}\n`) === false) await drained(io)
  }
  const counts = await administer(io, ({ data }) => data.export({ isCopy: copy }, write), {
    evenIfMoved: true,
  })
  io.stderr.write(`exported ${described(counts)}\n`)
  if (!copy)
    io.stderr.write('This database is handed over and answers no write: tessera data reopen takes it back.\n')
}

function drained({ stdout }: Io): Promise<void> {
  return new Promise((resolve) => (stdout as unknown as NodeJS.WritableStream).once('drain', resolve))
}

async function importData(
  { acceptOld = false, json = false }: { acceptOld?: boolean; json?: boolean },
  { io }: CommandContext,
): Promise<void> {
  const counts = await administer(io, ({ data }) => data.import(linesOf(io.stdin), { acceptOld }))
  io.stdout.write(
    json ? `${toJsonText({ status: 'imported', ...counts }, 0)}\n` : `imported ${described(counts)}\n`,
  )
}

/** Lines without their ends; of the last one nobody asks whether it has one. */
async function* linesOf(input: Io['stdin']): AsyncGenerator<string> {
  const decoder = new TextDecoder()
  let rest = ''
  for await (const chunk of input) {
    rest += typeof chunk === 'string' ? chunk : decoder.decode(chunk, { stream: true })
    const lines = rest.split('\n')
    rest = lines.pop() ?? ''
    yield* lines
  }
  if (rest !== '') yield rest
}

function described(counts: Counts): string {
  const { users = 0, sessions = 0, signing_keys: keys = 0, clients = 0 } = counts
  return `${users} users, ${sessions} sessions, ${keys} signing keys, ${clients} clients`
}

async function reopen({ json = false }: { json?: boolean }, { io }: CommandContext): Promise<void> {
  const ended = await administer(io, ({ data }) => data.reopen(), { evenIfMoved: true })
  if (ended === undefined) throw new CliFault('usage', 'this database was not handed over')
  const text = `The database goes on; ${ended} sessions that were handed over have ended.`
  io.stdout.write(json ? `${toJsonText({ status: 'reopened', ended_sessions: ended }, 0)}\n` : `${text}\n`)
}
