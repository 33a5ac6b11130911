/** `tessera serve`: the stand-alone token server. */
import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import type { RunningServer } from '@tessera/server'
import type { AddCommand, CommandContext } from '../command.ts'
import { CliFault } from '../fault.ts'
import type { Io } from '../io.ts'
import { toJsonText } from '../json-text.ts'
import { serveGuide } from '../serve-guide.ts'
import { startFailures } from '../start-failures.ts'

/** Options stand for settings of the environment, and go before them. */
const settings = {
  port: 'PORT',
  host: 'HOST',
  issuer: 'TESSERA_ISSUER',
  audience: 'TESSERA_AUDIENCE',
  origins: 'TESSERA_ORIGINS',
  database: 'TESSERA_DATABASE',
  logLevel: 'LOG_LEVEL',
} as const

type ServeOptions = { readonly [Option in keyof typeof settings]?: string } & {
  readonly json?: boolean
  readonly migrateOnly?: boolean
}

const help = `
Every setting can also come from the environment (HOST, PORT, TESSERA_…: docs/configuration.md). Secrets come from there alone.`

/** The console of a checkout; a published package has none beside it. */
const consoleDirectory = fileURLToPath(new URL('../../../../apps/console/dist', import.meta.url))

export const addServe: AddCommand = (program, context) => {
  program
    .command('serve')
    .summary('run the token server')
    .description('Runs the token server until Ctrl-C or SIGTERM: accounts, login, refresh, published keys.')
    .option('--port <number>', 'the port to listen on; 0 takes any free one (default: 4480)')
    .option('--host <address>', 'the address to listen on (default: 127.0.0.1)')
    .option('--issuer <url>', 'the issuer of tokens (default: http://127.0.0.1:PORT)')
    .option('--audience <name>', 'the audience of access tokens, or several by commas (default: the issuer)')
    .option('--origins <list>', 'origins of pages that may call the server, separated by commas')
    .option('--database <address>', 'sqlite:PATH or postgres://… (default: sqlite:.tessera/tessera.db)')
    .option('--log-level <level>', 'fatal, error, warn, info, debug, trace or silent (default: info)')
    .option('--migrate-only', 'bring the database to this version, and end without serving')
    .option('--json', 'print one JSON document when the server answers')
    .addHelpText('after', help)
    .action((options: ServeOptions) => runServer(options, context))
}

/** The server's own package is loaded here, so that no other command waits for its native parts. */
async function runServer(options: ServeOptions, { io }: CommandContext): Promise<void> {
  const { isStartError, migrate, serve } = await import('@tessera/server')
  try {
    if (options.migrateOnly === true) {
      await migrate({ environment: environmentOf(options, io) })
      const said =
        options.json === true ? toJsonText({ status: 'migrated' }, 0) : 'The database is up to date.'
      io.stdout.write(`${said}\n`)
      return
    }
    await serve({
      environment: environmentOf(options, io),
      ...(existsSync(consoleDirectory) ? { consoleDirectory } : {}),
      ...(io.signal === undefined ? {} : { signal: io.signal }),
      onReady: (server) => announce(server, options, io),
    })
  } catch (error) {
    if (isStartError(error)) throw new CliFault(startFailures[error.code], error.message)
    throw error
  }
}

function environmentOf(options: ServeOptions, { env }: Io): Io['env'] {
  const given = Object.entries(settings).flatMap(([option, name]) => {
    const value = options[option as keyof typeof settings]
    return value === undefined ? [] : [[name, value] as const]
  })
  return { ...env, ...Object.fromEntries(given) }
}

function announce({ url, issuer }: RunningServer, { json = false }: ServeOptions, { env, stdout }: Io): void {
  const hasConsole = existsSync(consoleDirectory)
  const isProduction = env['NODE_ENV'] === 'production'
  const lines = json
    ? [toJsonText({ url, issuer, console: hasConsole ? `${url}/` : null }, 0)]
    : serveGuide({ url, issuer, hasConsole, isProduction })
  stdout.write(`${lines.join('\n')}\n`)
}
