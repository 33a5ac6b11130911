/** What whoever runs the server does with its data as a whole: hand it over, take it in, take it back (P9). */
import type { ServerSecret, ServerSecrets } from '../keys/server-secrets.ts'
import { isStartError, StartError } from '../start-error.ts'
import type { Recovery } from '../store/recovery-store.ts'
import type { SecretStore, Store } from '../store/store.ts'
import type { TransferCounts, TransferPage } from '../store/transfer-store.ts'
import { createBundleWriter, makeHeader, readHeader, readPages } from './bundle.ts'

export interface DataAdministrationOptions {
  readonly store: Pick<Store, 'transfer' | 'secrets' | 'recover'>
  readonly secrets: ServerSecrets
  /** How long an entry in the revocation feed is kept, in seconds. */
  readonly keepSeconds: number
  readonly nowMs: () => number
}

export interface DataAdministration {
  /**
   * Writes everything as lines of a bundle. With sessions it is a hand-over: this store answers no write from then on. A copy
   * holds users, clients and the audit trail, and changes nothing.
   */
  export(
    options: { readonly isCopy: boolean },
    write: (line: string) => Promise<void>,
  ): Promise<TransferCounts>
  /** Takes a bundle in. @throws {StartError} `bundle_refused` */
  import(lines: AsyncIterable<string>, options: { readonly acceptOld: boolean }): Promise<TransferCounts>
  /**
   * Makes a restored backup fit to serve (P8): every session ends unless they are kept, every signing key is retired, and
   * what was called back or changed since the backup stays so.
   */
  recover(options: { readonly keepSessions: boolean }): Promise<Recovery>
  /** Takes a hand-over back and ends the sessions that it gave away; undefined when there was none. */
  reopen(): Promise<number | undefined>
}

/** Sessions that were handed over so long ago were ended or stolen meanwhile, and nobody here knows. */
const oldSeconds = 86_400

/** How long clients that are ahead of a restored backup are believed, where sessions are kept. */
const recoverySeconds = 86_400

export function createDataAdministration(options: DataAdministrationOptions): DataAdministration {
  const { store, secrets, keepSeconds, nowMs } = options
  const { transfer } = store
  return {
    export: async ({ isCopy }, write) => {
      const atMs = nowMs()
      const header = makeHeader(secrets.newest, Math.floor(atMs / 1000), !isCopy)
      const writer = createBundleWriter(header, secrets.newest)
      const take = (page: TransferPage): Promise<void> => write(writer.page(page))
      await write(writer.header)
      const counts = isCopy
        ? await transfer.copy(take)
        : await transfer.handOver({ bundleId: header.id, nowMs: atMs }, take)
      // Only now: a bundle whose store did not come to be moved is never whole.
      await write(writer.end())
      return counts
    },
    import: (lines, { acceptOld }) => takeIn(options, lines, acceptOld),
    recover: ({ keepSessions }) =>
      store.recover({
        ending: { atMs: nowMs(), reason: 'recovered', keepSeconds },
        keepSessions,
        windowSeconds: recoverySeconds,
      }),
    reopen: () => transfer.reopen({ atMs: nowMs(), reason: 'handed_over', keepSeconds }),
  }
}

async function takeIn(
  options: DataAdministrationOptions,
  lines: AsyncIterable<string>,
  acceptOld: boolean,
): Promise<TransferCounts> {
  const iterator = lines[Symbol.asyncIterator]()
  const first = await iterator.next()
  const headerLine = first.done === true ? undefined : first.value
  try {
    return await takeInBundle(options, { headerLine, iterator, acceptOld })
  } catch (error) {
    throw headerLine?.includes('"hasSessions":true') === true ? withWayBack(error) : error
  }
}

interface Incoming {
  readonly headerLine: string | undefined
  readonly iterator: AsyncIterator<string>
  readonly acceptOld: boolean
}

async function takeInBundle(
  { store, secrets, nowMs }: DataAdministrationOptions,
  { headerLine, iterator, acceptOld }: Incoming,
): Promise<TransferCounts> {
  const header = readHeader(headerLine, secrets)
  const ageSeconds = nowMs() / 1000 - header.createdAt
  if (header.hasSessions && ageSeconds > oldSeconds && !acceptOld) {
    throw refused(
      'it holds sessions and is older than a day: what ended since then would live again (--accept-old)',
    )
  }
  await refuseDropped(store.secrets, header.kid)
  const secret = secrets.get(header.kid) as ServerSecret
  const pages = refuseMissingSecrets(readPages(String(headerLine), iterator, secret), secrets)
  const verdict = await store.transfer.takeIn({ bundleId: header.id, nowMs: nowMs() }, pages)
  if (verdict.status === 'imported') return verdict.counts
  throw refused(
    verdict.status === 'known'
      ? tookItBefore
      : 'this database has users or sessions of its own: begin with an empty one',
  )
}

const tookItBefore = 'this database took it in before'

/** The sessions of a hand-over live at one place: until somebody says where, that is the bundle (P9). */
function withWayBack(error: unknown): unknown {
  const isRefused = isStartError(error) && error.code === 'bundle_refused'
  if (!isRefused || error.message.includes(tookItBefore)) return error
  const wayBack =
    'nothing was taken in, and the database that it came from stays handed over: take the bundle in elsewhere, or take it back there with: tessera data reopen'
  return new StartError('bundle_refused', `${error.message}; ${wayBack}`, error)
}

async function refuseDropped(store: SecretStore, kid: string): Promise<void> {
  const isDropped = (await store.list()).some((row) => row.kid === kid && row.state === 'dropped')
  if (isDropped) throw refused(`its secret ${kid} was dropped here`)
}

/** Every live secret of the bundle must be configured here: sessions would depend on one that is not (P6). */
async function* refuseMissingSecrets(
  pages: AsyncIterable<TransferPage>,
  secrets: ServerSecrets,
): AsyncGenerator<TransferPage> {
  for await (const page of pages) {
    for (const row of page.table === 'secrets' ? page.rows : []) {
      const { kid, state } = row
      if (state === 'live' && secrets.get(String(kid)) === undefined)
        throw refused(`its sessions depend on the secret ${String(kid)}: add it to TESSERA_SECRETS`)
    }
    yield page
  }
}

function refused(why: string): StartError {
  return new StartError('bundle_refused', `the bundle cannot be taken in: ${why}`)
}
