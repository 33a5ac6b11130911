/** The one error of the store: the database could not do its work. Verdicts about data are values, never errors. */

/**
 * Where a transaction stopped. Only after `statement` may its parts be tried one by one (P14); `lost` is a statement whose
 * connection broke or never answered.
 */
export type StorePhase = 'begin' | 'statement' | 'lost' | 'commit'

/** What a store says that would write a live session, or a sealed key, under a secret that was dropped. */
export const droppedSecretCode = 'SECRET_DROPPED'

export class StoreError extends Error {
  override readonly name = 'StoreError'
  readonly phase: StorePhase
  /** The database's own code, such as `SQLITE_FULL`. */
  readonly databaseCode: string

  /** Whether the database is away, for everybody. */
  get isOutage(): boolean {
    return this.phase === 'begin' || this.phase === 'lost'
  }

  /** Whether it was made with a secret that was dropped: whoever made it has not looked at the registry since (P6). */
  get isOfDroppedSecret(): boolean {
    return this.databaseCode === droppedSecretCode
  }

  constructor(phase: StorePhase, cause: unknown) {
    const databaseCode = codeOf(cause)
    super(`the database refused to ${verbs[phase]}: ${databaseCode}`, { cause })
    this.phase = phase
    this.databaseCode = databaseCode
  }
}

const verbs: Readonly<Record<StorePhase, string>> = {
  begin: 'begin a transaction',
  statement: 'run a statement',
  lost: 'answer',
  commit: 'commit a transaction',
}

function codeOf(cause: unknown): string {
  const code = typeof cause === 'object' && cause !== null ? (cause as { code?: unknown }).code : undefined
  return typeof code === 'string' && code !== '' ? code : 'no code'
}
