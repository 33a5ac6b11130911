/** The `tessera` command. */
import { isJoseError } from '@tessera/jose'
import { Command, CommanderError } from 'commander'
import { adviceFor } from './advice.ts'
import { createContext, type CommandContext } from './command.ts'
import { addAttack } from './commands/attack.ts'
import { addClients } from './commands/clients.ts'
import { addData } from './commands/data.ts'
import { addDecode } from './commands/decode.ts'
import { addDoctor } from './commands/doctor.ts'
import { addEncode } from './commands/encode.ts'
import { addExplain } from './commands/explain.ts'
import { addHash } from './commands/hash.ts'
import { addJwk } from './commands/jwk.ts'
import { addKeygen } from './commands/keygen.ts'
import { addKeys } from './commands/keys.ts'
import { addMigrate } from './commands/migrate.ts'
import { addSecrets } from './commands/secrets.ts'
import { addServe } from './commands/serve.ts'
import { addSessions } from './commands/sessions.ts'
import { addUsers } from './commands/users.ts'
import { addVerify } from './commands/verify.ts'
import { CliFault, exitCodes, failureOf } from './fault.ts'
import { type Io, processIo } from './io.ts'
import { toJsonText, toPlainText } from './json-text.ts'
import { version } from './version.ts'

export type { Io, TextOutput } from './io.ts'

/**
 * Runs one command line.
 *
 * @param argv - the arguments, without the program's name
 * @param io - what the command reads and writes; the process's own unless given
 * @returns the exit code: 0 ok, 1 token refused, 2 usage, 3 keys or server unreachable. Nothing is thrown.
 */
export async function run(argv: readonly string[], io: Io = processIo()): Promise<number> {
  let exitCode: number = exitCodes.ok
  const context = createContext(io, (failure) => (exitCode = exitCodes[failure]))
  try {
    await createProgram(context).parseAsync([...argv], { from: 'user' })
    return exitCode
  } catch (error) {
    return reportFault(error, argv.includes('--json'), context)
  }
}

function createProgram(context: CommandContext): Command {
  const { io } = context
  const program = new Command('tessera')
    .description('Tokens, keys, and the token server.')
    .version(version, '-V, --version')
    .exitOverride()
    .configureOutput({
      writeOut: (text) => io.stdout.write(text),
      writeErr: (text) => io.stderr.write(text),
      getOutHasColors: () => false,
      getErrHasColors: () => false,
    })
    .showHelpAfterError('(tessera --help lists the commands)')
    .addHelpText('after', '\nExit codes: 0 ok, 1 token refused, 2 usage, 3 keys or server unreachable.')
  for (const add of [
    addDecode,
    addEncode,
    addVerify,
    addExplain,
    addKeygen,
    addJwk,
    addServe,
    addKeys,
    addUsers,
    addSessions,
    addClients,
    addData,
    addSecrets,
    addHash,
    addMigrate,
    addDoctor,
    addAttack,
  ])
    add(program, context)
  return program
}

/** Says what went wrong in one or two lines and gives the exit code. */
function reportFault(error: unknown, json: boolean, context: CommandContext): number {
  if (error instanceof CommanderError) return error.exitCode === 0 ? exitCodes.ok : exitCodes.usage
  const { failure, code, message, hint } = describeFault(error)
  const { io, style } = context
  if (json) {
    io.stdout.write(
      `${toJsonText({ ok: false, code: code ?? failure, message, ...(hint === undefined ? {} : { next: hint }) })}\n`,
    )
  } else {
    io.stderr.write(`${style.bad('tessera:')} ${code === undefined ? '' : `${code}: `}${message}\n`)
    if (hint !== undefined) io.stderr.write(`${hint}\n`)
  }
  return exitCodes[failure]
}

function describeFault(error: unknown): {
  failure: CliFault['failure']
  code?: string | undefined
  message: string
  hint?: string | undefined
} {
  if (error instanceof CliFault) return error
  if (isJoseError(error))
    return {
      failure: failureOf(error),
      code: error.code,
      message: error.message,
      hint: adviceFor(error.code, error.claim),
    }
  return { failure: 'usage', message: toPlainText(error instanceof Error ? error.message : String(error)) }
}
