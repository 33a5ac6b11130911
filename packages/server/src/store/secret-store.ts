/** The registry of server secrets, and of the processes that hold them (P6). */
import type { Ending } from './ending.ts'

export interface SecretRow {
  readonly kid: string
  readonly checkValue: string
  readonly state: 'live' | 'dropped'
  /** Of the live ones, the one with the highest is in use; 0: nothing was ever made with it. */
  readonly turn: number
  readonly createdAt: number
}

/** What a process says of itself, over and over. */
export interface ProcessBeat {
  /** Random, of one start. */
  readonly processId: string
  /** What it holds, the one that it prefers first. */
  readonly secrets: readonly Pick<SecretRow, 'kid' | 'checkValue'>[]
  /** The wall clock, where the database has none of its own. */
  readonly nowMs: number
  /** After so long a silence a process counts as dead. */
  readonly lifeMs: number
  /** Looks at the registry before anything is written; what it throws is thrown, and nothing is. */
  admit(registered: readonly SecretRow[]): void
}

/** A secret, and what depends on it now. */
export interface SecretUse extends SecretRow {
  /** Live sessions whose current refresh token is made with it. */
  readonly sessions: number
  /** Signing keys that are sealed under it. */
  readonly keys: number
}

export interface SecretStore {
  list(): Promise<readonly SecretRow[]>
  listUses(now: number): Promise<readonly SecretUse[]>
  /**
   * Ends what depends on a secret, and marks it as dropped. From then on a store refuses to write a live session or a sealed key
   * under it, with a `StoreError` of the code `SECRET_DROPPED`: a process that has not heard of it yet makes nothing that is lost
   * (P6). Undefined: it is not live.
   */
  drop(kid: string, ending: Ending): Promise<{ readonly sessions: number; readonly keys: number } | undefined>
  /**
   * Notes that a process lives and what it holds, registers what is new, and gives a secret its turn that every live process
   * holds and prefers: in one transaction, one process at a time (P6). Returns the registry as it then is.
   */
  beat(process: ProcessBeat): Promise<readonly SecretRow[]>
  /** A process ends: nobody waits for it any more. */
  leave(processId: string): Promise<void>
}
