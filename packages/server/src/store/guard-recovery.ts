/** Keeps the files beside a SQLite database true, and refuses a database that is older than they say (P8). */
import type Libsql from 'libsql'
import { StartError } from '../start-error.ts'
import {
  appendChange,
  changesPath,
  raiseHighWater,
  readChanges,
  readHighWater,
  writeHighWater,
} from './recovery-files.ts'
import type { Revocation, Store } from './store.ts'

const raiseMs = 1000

/**
 * Refuses a database that was served from here before at a later time.
 *
 * @throws {StartError} `database_older`
 */
export function refuseOlder(database: Libsql.Database, path: string): void {
  const mark = readHighWater(path)
  const epoch = epochOf(database)
  if (mark === undefined || epoch === undefined) return
  const isPast = mark.past.includes(epoch)
  if (!isPast && (mark.epoch !== epoch || auditOf(database) >= mark.audit)) return
  throw new StartError(
    'database_older',
    `the database ${path} is older than what was served from it: log-outs, changes of passwords and called-back keys are missing; after restoring a backup run: tessera data recovered`,
  )
}

/** The store, noting what no backup may undo. */
export async function withRecoveryFiles(
  store: Store,
  database: Libsql.Database,
  path: string,
): Promise<Store> {
  /** This store has another epoch now, and is only good for being closed. */
  let isReplaced = false
  let raised: Promise<void> = Promise.resolve()
  const raise = (): Promise<void> => {
    raised = raised.then(async () => {
      // What is being committed may still fail, and the mark never falls: the next second tells.
      if (isReplaced || database.inTransaction) return
      await raiseHighWater(path, { epoch: store.epoch, audit: auditOf(database) })
    })
    return raised
  }
  await raise()
  const raising = setInterval(() => {
    // A disk that is full now may have room in a second.
    raise().catch(() => (raised = Promise.resolve()))
  }, raiseMs).unref()
  return {
    ...notingChanges(store, changesPath(path)),
    recover: async (options) => {
      await raised
      const past = [...(readHighWater(path)?.past ?? []), store.epoch]
      const recovery = await store.recover(options, readChanges(changesPath(path)))
      isReplaced = true
      await raised
      await writeHighWater(path, { epoch: recovery.epoch, audit: auditOf(database), past })
      return recovery
    },
    close: async () => {
      clearInterval(raising)
      await raise()
      await store.close()
    },
  }
}

/** Notes outside the database, in a file that only grows, what no backup may undo. */
function notingChanges(store: Store, file: string): Store {
  const noteCredentials = async (userId: string): Promise<void> => {
    const user = await store.users.findById(userId)
    if (user === undefined) return
    const { credentialVersion, disabledAt } = user
    appendChange(file, { userId, credentialVersion, isDisabled: disabledAt !== null })
  }
  const noting = async (
    userId: string,
    changing: Promise<readonly Revocation[] | undefined>,
  ): Promise<readonly Revocation[] | undefined> => {
    const changed = await changing
    if (changed !== undefined) await noteCredentials(userId)
    return changed
  }
  return {
    ...store,
    users: {
      ...store.users,
      changePassword: (change) => noting(change.userId, store.users.changePassword(change)),
      disable: (userId, ending) => noting(userId, store.users.disable(userId, ending)),
      remove: async (userId, credentialVersion, ending) => {
        const changed = await store.users.remove(userId, credentialVersion, ending)
        // Nobody to ask any more: a backup must not bring the account back to life.
        const change = { userId, credentialVersion: credentialVersion + 1, isDisabled: true }
        if (changed !== undefined) appendChange(file, change)
        return changed
      },
    },
    oneTimeTokens: {
      ...store.oneTimeTokens,
      resetPassword: async (use) => {
        const now = Math.floor(use.ending.atMs / 1000)
        const owner = await store.oneTimeTokens.find(use.id, 'password_reset', now)
        return noting(owner?.userId ?? '', store.oneTimeTokens.resetPassword(use))
      },
    },
    signingKeys: {
      ...store.signingKeys,
      change: async (issuer, decide) => {
        const entries = await store.signingKeys.change(issuer, decide)
        for (const { kid } of entries) if (kid !== undefined) appendChange(file, { revokedKid: kid })
        return entries
      },
    },
  }
}

/** The store on PostgreSQL, whose changes are noted in a file of the operator's choice. */
export function withChangesFile(store: Store, file: string): Store {
  return {
    ...notingChanges(store, file),
    recover: (options) => store.recover(options, readChanges(file)),
  }
}

/** AUTOINCREMENT counts on, whatever is removed. */
function auditOf(database: Libsql.Database): number {
  const [row] = database.prepare("SELECT seq FROM sqlite_sequence WHERE name = 'audit'").all([]) as {
    seq: number
  }[]
  return row?.seq ?? 0
}

function epochOf(database: Libsql.Database): string | undefined {
  const [row] = database.prepare("SELECT value FROM meta WHERE name = 'epoch'").all([]) as { value: string }[]
  return row?.value
}
