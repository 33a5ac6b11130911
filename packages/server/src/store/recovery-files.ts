/**
 * What stands beside a SQLite file, so that a backup that is put in its place is known for one (P8): a high-water mark, written
 * over and over, and a list of changes that no backup may undo, only ever added to.
 */
import { appendFileSync, existsSync, readFileSync, renameSync } from 'node:fs'
import { open, rm } from 'node:fs/promises'

export interface HighWater {
  /** Of the database that was served from here last. */
  readonly epoch: string
  /** How many lines its audit trail has had. */
  readonly audit: number
  /** Databases that were replaced by `data recovered`: none of them comes back. */
  readonly past: readonly string[]
}

/** Something that a backup made before it would undo. */
export type LastingChange =
  | { readonly revokedKid: string }
  | { readonly userId: string; readonly credentialVersion: number; readonly isDisabled: boolean }

const markPath = (path: string): string => `${path}-high-water`
/** Where the changes of a SQLite file are noted. */
export const changesPath = (path: string): string => `${path}-changes`

export function readHighWater(path: string): HighWater | undefined {
  if (!existsSync(markPath(path))) return undefined
  return JSON.parse(readFileSync(markPath(path), 'utf8')) as HighWater
}

/** Another store may have written a higher one: the mark never falls within an epoch. */
export async function raiseHighWater(path: string, mark: Omit<HighWater, 'past'>): Promise<void> {
  const known = readHighWater(path)
  if (isReached(known, mark)) return
  const draft = await writeDraft(path, { ...mark, past: known?.past ?? [] })
  if (isReached(readHighWater(path), mark)) await rm(draft)
  else renameSync(draft, markPath(path))
}

function isReached(known: HighWater | undefined, { epoch, audit }: Omit<HighWater, 'past'>): boolean {
  return known?.epoch === epoch && known.audit >= audit
}

export async function writeHighWater(path: string, mark: HighWater): Promise<void> {
  renameSync(await writeDraft(path, mark), markPath(path))
}

let drafts = 0

/** Whole or not at all: a crash leaves the old mark. Beside the event loop, which does not wait for the disk. */
async function writeDraft(path: string, mark: HighWater): Promise<string> {
  const draft = `${markPath(path)}.${process.pid}.${(drafts += 1)}`
  const file = await open(draft, 'w', 0o600)
  try {
    await file.writeFile(`${JSON.stringify(mark)}\n`)
    await file.sync()
  } finally {
    await file.close()
  }
  return draft
}

export function appendChange(file: string, change: LastingChange): void {
  appendFileSync(file, `${JSON.stringify(change)}\n`, { mode: 0o600, flush: true })
}

export function readChanges(file: string): readonly LastingChange[] {
  if (!existsSync(file)) return []
  const lines = readFileSync(file, 'utf8').split('\n')
  return lines.filter((line) => line !== '').map((line) => JSON.parse(line) as LastingChange)
}
