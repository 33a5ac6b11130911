// @ts-check
/** A SQLite file for a peer, as durable as Tessera's: write-ahead log, every commit synced. */
import { join } from 'node:path'
import Database from 'libsql'

/** @param {string} folder */
export function openDatabase(folder) {
  const database = new Database(join(folder, 'peer.db'))
  database.pragma('journal_mode = WAL')
  database.pragma('synchronous = FULL')
  return database
}
