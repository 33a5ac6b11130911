/**
 * What an unknown name costs. Where accounts hold hashes of several kinds, as after an import, each kind takes its own time:
 * an unknown name gets one of them, always the same, as often as accounts have it (P29).
 */
import { createHmac, randomBytes } from 'node:crypto'
import type { UserStore } from '../store/store.ts'
import { parseStoredHash } from './stored-hash.ts'

export interface Decoys {
  /** A hash of the kind that a name would have; undefined while there are no accounts. */
  pick(usernameNormalised: string): string | undefined
  /** The normalised name of an account, to be read in the place of one that there is not; undefined while there are none. */
  standIn(usernameNormalised: string): string | undefined
  /** Looks at a sample of the accounts again. */
  follow(): Promise<void>
}

/** Accounts of one sample: proportions are then right to a few parts in a hundred. */
const sampleSize = 500
const standInCount = 100

interface Kind {
  readonly decoy: string
  /** The part of accounts whose kind is this one or comes before it. */
  readonly upTo: number
}

/** @param key kept from whoever asks, so that nobody can tell which kind an unknown name gets */
export function createDecoys(users: UserStore, key: Buffer): Decoys {
  let kinds: readonly Kind[] = []
  let names: readonly string[] = []
  const placeOf = (use: string, usernameNormalised: string): number => {
    const digest = createHmac('sha256', key).update(`${use} ${usernameNormalised}`).digest()
    return digest.readUIntBE(0, 6) / 2 ** 48
  }
  return {
    pick: (usernameNormalised) => {
      const place = placeOf('decoy', usernameNormalised)
      return kinds.find(({ upTo }) => place < upTo)?.decoy
    },
    standIn: (usernameNormalised) => names[Math.floor(placeOf('row', usernameNormalised) * names.length)],
    follow: async () => {
      // Ids are random: those that follow a random point are a fair sample.
      const from = randomBytes(16).toString('base64url')
      const sample = await users.sampleHashes(from, sampleSize)
      const rest = sampleSize - sample.length
      const all = rest > 0 ? [...sample, ...(await users.sampleHashes('', rest))] : sample
      kinds = kindsOf(all)
      names = (await users.list({ limit: standInCount })).map((user) => user.usernameNormalised)
    },
  }
}

function kindsOf(hashes: readonly string[]): readonly Kind[] {
  const counts = new Map<string, { decoy: string; count: number }>()
  for (const text of hashes) {
    const parsed = parseStoredHash(text)
    if (!parsed.ok) continue
    const { kind, decoy } = parsed.hash
    counts.set(kind, { decoy, count: (counts.get(kind)?.count ?? 0) + 1 })
  }
  const all = [...counts.values()].reduce((sum, { count }) => sum + count, 0)
  let before = 0
  // In the order of their names, so that a name keeps its kind from one sample to the next.
  return [...counts]
    .sort(([one], [other]) => (one < other ? -1 : 1))
    .map(([, { decoy, count }]) => ({ decoy, upTo: (before += count) / all }))
}
