/** The server secret of a developer's machine: made once, kept beside the database, readable by its owner alone. */
import { randomBytes } from 'node:crypto'
import { linkSync, mkdirSync, readFileSync, unlinkSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { StartError } from '../start-error.ts'

/**
 * Reads the file, or makes it with one new secret. Of two processes that start at once, one makes it and both read it.
 *
 * @throws {StartError} `config_invalid` when it can be neither read nor made
 */
export function readOrMakeSecrets(path: string): string {
  try {
    return readFile(path) ?? makeFile(path)
  } catch (error) {
    throw new StartError(
      'config_invalid',
      `TESSERA_SECRETS is not set, and ${path} cannot be used for it`,
      error,
    )
  }
}

function readFile(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8').trim()
  } catch (error) {
    if ((error as { code?: unknown }).code === 'ENOENT') return undefined
    throw error
  }
}

function makeFile(path: string): string {
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 })
  const draft = `${path}.${randomBytes(6).toString('hex')}`
  writeFileSync(draft, `${randomBytes(48).toString('base64url')}\n`, { mode: 0o600, flag: 'wx' })
  try {
    // A link appears whole or not at all, and never over another's file.
    linkSync(draft, path)
  } catch (error) {
    if ((error as { code?: unknown }).code !== 'EEXIST') throw error
  } finally {
    unlinkSync(draft)
  }
  return readFileSync(path, 'utf8').trim()
}
