/** What stops the server before it serves: one class, one clear line, never a secret in it. */

export type StartErrorCode =
  /** A setting is unknown, malformed or unsafe. */
  | 'config_invalid'
  /** The database cannot be opened, is damaged, or is no database. */
  | 'database_unusable'
  /** A backup was restored, and would undo what happened since. */
  | 'database_older'
  /** The database was written by a newer version, or its schema was changed from outside. */
  | 'database_foreign'
  /** A secret that live sessions or keys depend on is not configured (or was dropped on purpose). */
  | 'secret_missing'
  /** What was to be taken in is no bundle of this server, or must not be taken in here. */
  | 'bundle_refused'
  /** The address or port cannot be listened on. */
  | 'address_unusable'

/** The only error that configuration and start throw on purpose. `message` is one line, fit for a terminal. */
export class StartError extends Error {
  override readonly name = 'StartError'
  readonly code: StartErrorCode

  constructor(code: StartErrorCode, message: string, cause?: unknown) {
    super(message.replace(/\s+/g, ' '), cause === undefined ? undefined : { cause })
    this.code = code
  }
}

/** Whether a value is a `StartError`, also one of a second copy of this package. */
export function isStartError(value: unknown): value is StartError {
  return value instanceof StartError || (value instanceof Error && value.name === 'StartError')
}
