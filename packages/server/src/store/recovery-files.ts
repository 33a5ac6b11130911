/**
 * What stands beside a SQLite file, so that a backup that is put in its place is known for one (P8): a high-water mark, written
 * over and over, and a list of changes that no backup may undo, only ever added to.
 */
import { appendFileSync, existsSync, readFileSync } from 'node:fs'
import { open, rename } from 'node:fs/promises'

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

/** Another process may have written a higher one: the mark never falls within an epoch. */
export async function raiseHighWater(path: string, mark: Omit<HighWater, 'past'>): Promise<void> {
  const known = readHighWater(path)
  if (known?.epoch === mark.epoch && known.audit >= mark.audit) return
  await writeHighWater(path, { ...mark, past: known?.past ?? [] })
}

/** Beside the event loop, which does not wait for the disk; one at a time in a process. */
export async function writeHighWater(path: string, mark: HighWater): Promise<void> {
  // Whole or not at all: a crash leaves the old mark.
  const draft = `${markPath(path)}.${process.pid}`
  const file = await open(draft, 'w', 0o600)
  try {
    await file.writeFile(`${JSON.stringify(mark)}\n`)
    await file.sync()
  } finally {
    await file.close()
  }
  await rename(draft, markPath(path))
}

export function appendChange(file: string, change: LastingChange): void {
  appendFileSync(file, `${JSON.stringify(change)}\n`, { mode: 0o600, flush: true })
}

export function readChanges(file: string): readonly LastingChange[] {
  if (!existsSync(file)) return []
  const lines = readFileSync(file, 'utf8').split('\n')
  return lines.filter((line) => line !== '').map((line) => JSON.parse(line) as LastingChange)
}
