/**
 * Users of another system, one JSON object a line, each with the hash of its password. Everybody signs in with the
 * password that he has, and gets a hash of ours as he does. A bad line is told by its number and left out.
 */
import { randomBytes } from 'node:crypto'
import { parseJsonObject } from '@tessera/jose/encoding'
import { z } from 'zod'
import type { User, UserStore } from '../store/store.ts'
import { parseStoredHash } from './stored-hash.ts'
import { parseUsername } from './username.ts'

export interface BadLine {
  /** From 1. */
  readonly line: number
  readonly why: string
}

export interface ImportProgress {
  /** Lines that were read, bad and empty ones too. */
  readonly lines: number
  readonly added: number
  /** The name or the id is in use: an import that is run again finds its users here. */
  readonly present: number
  readonly bad: number
}

export interface ImportUsersOptions {
  readonly users: UserStore
  readonly nowMs: () => number
  readonly onBadLine: (bad: BadLine) => void
  readonly onProgress?: (progress: ImportProgress) => void
}

/** One transaction for so many. */
const batchSize = 500

const shape = z.object({
  username: z.string(),
  password_hash: z.string(),
  id: z.string().min(1).max(255).optional(),
  roles: z.array(z.string().min(1)).optional(),
  email: z.string().min(3).max(255).nullable().optional(),
  email_verified: z.boolean().optional(),
  disabled: z.boolean().optional(),
  created_at: z.number().int().min(0).max(1e11).optional(),
})

/** Reads the lines to their end; what was added stays, whenever it is broken off. */
export async function importUsers(
  lines: AsyncIterable<string>,
  options: ImportUsersOptions,
): Promise<ImportProgress> {
  const { users, nowMs, onBadLine, onProgress } = options
  const progress = { lines: 0, added: 0, present: 0, bad: 0 }
  let batch: User[] = []
  const write = async (): Promise<void> => {
    const event = { atMs: nowMs(), event: 'users.imported' as const }
    const added = await users.insertMany(batch, event)
    progress.added += added.size
    progress.present += batch.length - added.size
    batch = []
    onProgress?.({ ...progress })
  }
  for await (const text of lines) {
    progress.lines += 1
    if (text.trim() === '') continue
    const read = readLine(text, nowMs())
    if (read.ok) batch.push(read.user)
    else {
      progress.bad += 1
      onBadLine({ line: progress.lines, why: read.why })
    }
    if (batch.length >= batchSize) await write()
  }
  await write()
  return progress
}

type ReadLine = { readonly ok: true; readonly user: User } | { readonly ok: false; readonly why: string }

function readLine(text: string, atMs: number): ReadLine {
  const parsed = shape.safeParse(parseJson(text))
  if (!parsed.success) {
    const name = parsed.error.issues[0]?.path.join('.') ?? ''
    return { ok: false, why: name === '' ? 'expected a JSON object' : `${name}: expected another value` }
  }
  const { username, password_hash: passwordHash, ...rest } = parsed.data
  const name = parseUsername(username)
  if (!name.ok) return { ok: false, why: `username: ${name.why}` }
  const hash = parseStoredHash(passwordHash)
  if (!hash.ok) return { ok: false, why: `password_hash: ${hash.why}` }
  const now = Math.floor(atMs / 1000)
  const {
    id = randomBytes(16).toString('base64url'),
    roles = [],
    email = null,
    created_at: createdAt = now,
  } = rest
  const user: User = {
    id,
    username: name.username,
    usernameNormalised: name.normalised,
    passwordHash,
    credentialVersion: 1,
    roles,
    scope: 'account',
    email,
    emailVerifiedAt: email !== null && rest.email_verified === true ? now : null,
    createdAt,
    disabledAt: rest.disabled === true ? now : null,
  }
  return { ok: true, user }
}

function parseJson(text: string): unknown {
  try {
    return parseJsonObject(text, 'line')
  } catch {
    return undefined
  }
}
