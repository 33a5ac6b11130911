/** Where a session is kept between requests, and between pages if the storage outlives one. */
import { checkNames, invalid, kindOf } from './names.ts'

/**
 * A place for one text. Synchronous and asynchronous storages both fit; the client calls one method at a time and
 * waits for it. Whoever can read the text can act as the user: keep it as private as a password.
 */
export interface TokenStorage {
  read(): string | null | Promise<string | null>
  write(text: string): void | Promise<void>
  remove(): void | Promise<void>
  /** Calls back whenever another page has changed the text. Left out where no other page can. */
  subscribe?(changed: () => void): void
}

/** Keeps the session in this page's memory: gone on reload, out of reach of other pages. The default. */
export function memoryStorage(): TokenStorage {
  let kept: string | null = null
  return {
    read: () => kept,
    write(text) {
      kept = text
    },
    remove() {
      kept = null
    },
  }
}

export interface WebStorageOptions {
  /** The key in the storage. Default `tessera.session`. */
  readonly key?: string
}

/**
 * Keeps the session in `localStorage` or `sessionStorage`. All tabs share a `localStorage`, and refresh in turn.
 * A browser copies the `sessionStorage` of a tab that is duplicated; both copies then hold one refresh token, and the
 * server takes the second one for a thief. Prefer `localStorage`, or `memoryStorage()`.
 *
 * Any script of the page's origin can read these storages.
 *
 * @throws {ClientError} `option_invalid` when given something else than a `Storage`.
 */
export function webStorage(storage: Storage, options: WebStorageOptions = {}): TokenStorage {
  if (typeof storage?.getItem !== 'function') {
    throw invalid(`webStorage: expected localStorage or sessionStorage, got ${kindOf(storage)}`)
  }
  checkNames(options, ['key'], 'webStorage')
  const key = options.key ?? 'tessera.session'
  return {
    read: () => storage.getItem(key),
    write: (text) => storage.setItem(key, text),
    remove: () => storage.removeItem(key),
    subscribe(changed) {
      globalThis.addEventListener?.('storage', (event) => {
        // `key` is null when the whole storage was cleared.
        if (event.storageArea === storage && (event.key === key || event.key === null)) changed()
      })
    },
  }
}
