/** `tessera hash`: how strongly this machine can hash passwords. */
import type { HashCalibration } from '@tessera/server'
import type { AddCommand, CommandContext } from '../command.ts'
import { CliFault } from '../fault.ts'
import { toJsonText } from '../json-text.ts'

interface CalibrateOptions {
  readonly targetMs: string
  readonly memoryKib?: string
  readonly json?: boolean
}

const help = `
The settings go to standard output, so that they can be kept: tessera hash calibrate >> server.env
Run it where the server will run, while nothing else does. Passwords get new parameters at their next log-in.`

export const addHash: AddCommand = (program, context) => {
  const hash = program.command('hash').summary('hashes of passwords').addHelpText('after', help)
  hash
    .command('calibrate')
    .description('Measures Argon2id on this machine and prints the strongest parameters that it can afford.')
    .option('--target-ms <milliseconds>', 'how long one hash may take while every core hashes', '250')
    .option('--memory-kib <number>', 'memory of one hash at most (default: a quarter of the machine, shared)')
    .option('--json', 'print one JSON document')
    .action((options: CalibrateOptions) => calibrate(options, context))
}

async function calibrate(options: CalibrateOptions, { io }: CommandContext): Promise<void> {
  const targetMs = wholeNumber('--target-ms', options.targetMs)
  const mostMemoryKib = options.memoryKib && wholeNumber('--memory-kib', options.memoryKib)
  const { calibrateHash } = await import('@tessera/server')
  const found = await calibrateHash({ targetMs, ...(mostMemoryKib && { mostMemoryKib }) })
  const { memoryKib, passes, lanes } = found.parameters
  if (options.json === true) {
    const { milliseconds, leastMilliseconds, concurrency, poolMemoryKib } = found
    const document = {
      memory_kib: memoryKib,
      passes,
      lanes,
      milliseconds: Math.round(milliseconds),
      least_milliseconds: Math.round(leastMilliseconds),
      concurrency,
      pool_memory_kib: poolMemoryKib,
    }
    io.stdout.write(`${toJsonText(document, 0)}\n`)
    return
  }
  io.stderr.write(`${remarks(found, targetMs).join('\n')}\n`)
  io.stdout.write(
    `TESSERA_HASH_MEMORY_KIB=${memoryKib}\nTESSERA_HASH_PASSES=${passes}\nTESSERA_HASH_LANES=${lanes}\n`,
  )
}

function remarks(found: HashCalibration, targetMs: number): readonly string[] {
  const { milliseconds, leastMilliseconds, concurrency, poolMemoryKib } = found
  const perSecond = Math.max(1, Math.round((concurrency * 1000) / milliseconds))
  return [
    `The least that a server takes costs ${Math.round(leastMilliseconds)} ms here, ${concurrency} at once.`,
    leastMilliseconds > targetMs
      ? `That is above ${targetMs} ms, and there is nothing weaker to choose.`
      : `Within ${targetMs} ms: ${Math.round(milliseconds)} ms a hash, about ${perSecond} log-ins a second, ${Math.ceil(poolMemoryKib / 1024)} MiB while the pool is full.`,
  ]
}

function wholeNumber(name: string, text: string): number {
  if (/^[1-9]\d{0,8}$/.test(text)) return Number(text)
  throw new CliFault('usage', `${name}: expected a whole number from 1, got something else`)
}
