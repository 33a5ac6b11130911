/** `serve`: the stand-alone server from environment variables, until it is told to stop. */
import { pino } from 'pino'
import type { Environment } from '../config/environment.ts'
import { configFromEnvironment } from '../config/environment.ts'
import type { Log } from '../config/server-config.ts'
import { isStartError, StartError } from '../start-error.ts'
import { createMessageDelivery } from './message-delivery.ts'
import type { RunningServer } from './start-server.ts'
import { startServer } from './start-server.ts'

export interface ServeOptions {
  /** Default the process's own. */
  readonly environment?: Environment
  /** Where `.tessera/` lies. Default the working directory. */
  readonly directory?: string
  /** The console's built files, served at `/`. Default none. */
  readonly consoleDirectory?: string
  /** Called once the server answers. */
  readonly onReady?: (server: RunningServer) => void
  /** Stops the server. SIGINT and SIGTERM do so too. */
  readonly signal?: AbortSignal
}

/**
 * Serves until SIGINT, SIGTERM or `signal`, then finishes what it accepted and returns. A second signal ends the
 * process at once.
 *
 * @throws {StartError} when the server cannot start; its message is one line for a person
 */
export async function serve(options: ServeOptions = {}): Promise<void> {
  const stop = stopRequest(options.signal)
  try {
    const { environment = process.env, directory = process.cwd(), consoleDirectory, onReady } = options
    const settings = configFromEnvironment(environment, { directory })
    const { host, port, logLevel, issuer, messages, server } = settings
    const log = createLog(logLevel)
    const running = await startServer(
      {
        ...server,
        ...(issuer !== undefined && { issuer }),
        ...(messages !== undefined && { sendMessage: createMessageDelivery(messages, log.log) }),
        log: log.log,
      },
      { host, port, ...(consoleDirectory !== undefined && { consoleDirectory }) },
    )
    onReady?.(running)
    await stop.requested
    await running.close()
    log.flush()
  } catch (error) {
    throw isStartError(error) ? inEnvironmentNames(error) : error
  } finally {
    stop.dispose()
  }
}

function stopRequest(signal: AbortSignal | undefined): { requested: Promise<void>; dispose(): void } {
  let stop = (): void => undefined
  const requested = new Promise<void>((resolve) => {
    stop = resolve
  })
  const signals = ['SIGINT', 'SIGTERM'] as const
  for (const name of signals) process.once(name, stop)
  if (signal?.aborted === true) stop()
  signal?.addEventListener('abort', stop, { once: true })
  return {
    requested,
    dispose: () => {
      for (const name of signals) process.off(name, stop)
      signal?.removeEventListener('abort', stop)
    },
  }
}

/** Lines of JSON on the standard error stream, written beside the requests; what is left is written at the end. */
function createLog(level: string): { log: Log; flush(): void } {
  const destination = pino.destination({ fd: 2, sync: false })
  // As the server describes them: pino's own serializer would give an error without a stack an empty one.
  const serializers = { err: (described: unknown) => described }
  const logger = pino({ level, base: null, serializers }, destination)
  return { log: logger, flush: () => destination.flushSync() }
}

/** `refreshGraceSeconds: …` of a configuration is `TESSERA_REFRESH_GRACE_SECONDS: …` of an environment. */
export function inEnvironmentNames(error: StartError): StartError {
  const [, name, rest] = /^([a-z][A-Za-z]*): (.*)$/.exec(error.message) ?? []
  if (name === undefined || rest === undefined) return error
  const environmentName = name.replace(/[A-Z]/g, (letter) => `_${letter}`).toUpperCase()
  return new StartError(error.code, `TESSERA_${environmentName}: ${rest}`, error.cause)
}
