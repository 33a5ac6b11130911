/** The built stand-alone server with the page, on a free port. */
import { execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { freePort } from '../../../tools/free-port.js'

const command = fileURLToPath(new URL('../../../packages/cli/bin/tessera.js', import.meta.url))

export interface ServedPlayground {
  readonly url: string
  /** Runs the command beside the server, on its database, and gives what it prints. */
  command(args: readonly string[], input?: string): string
  stop(): Promise<void>
}

/**
 * Starts the server, with a database of its own, and waits until it answers.
 *
 * @param issuerPath what its issuer has behind the host
 */
export async function servePlayground(
  accessTokenSeconds: number,
  issuerPath = '',
): Promise<ServedPlayground> {
  const directory = mkdtempSync(join(tmpdir(), 'tessera-page-'))
  const port = await freePort()
  const env = {
    PATH: process.env['PATH'],
    PORT: String(port),
    TESSERA_ISSUER: `http://127.0.0.1:${port}${issuerPath}`,
    LOG_LEVEL: 'silent',
    // All tests sign up from one address.
    TESSERA_THROTTLE: 'off',
    TESSERA_ACCESS_TOKEN_SECONDS: String(accessTokenSeconds),
  }
  const child = spawn(process.execPath, [command, 'serve'], { cwd: directory, env, stdio: 'ignore' })
  const runCommand = (args: readonly string[], input = ''): string =>
    execFileSync(process.execPath, [command, ...args], { cwd: directory, env, input, encoding: 'utf8' })
  const stop = async (): Promise<void> => {
    const ended = once(child, 'exit')
    child.kill('SIGTERM')
    await ended
    rmSync(directory, { recursive: true, force: true })
  }
  const url = `http://127.0.0.1:${port}`
  for (let attempt = 0; attempt < 150; attempt += 1) {
    const answer = await fetch(`${url}/healthz`).catch(() => undefined)
    if (answer?.ok === true) return { url, command: runCommand, stop }
    await new Promise((resolve) => setTimeout(resolve, 100))
  }
  await stop()
  throw new Error('expected the server to answer: npm run build first')
}
