/** A JWK Set (RFC 7517 §5) made ready: which of its keys fit a header, imported when first asked for. */
import { type Awaitable, chain } from '../crypto/awaitable.ts'
import { readList, readMember } from '../encoding/foreign-value.ts'
import { kindOf } from '../encoding/json.ts'
import { JoseError } from '../errors.ts'
import type { SignatureAlgorithm, SignatureRow } from '../jwa/algorithm.ts'
import { readsAlgorithm, rowsForKey, signatureRow } from '../jwa/signature-algorithms.ts'
import { checkUse, isPrivateJwk, type Jwk, parseJwk } from '../jwk/jwk.ts'
import type { PublicKey } from '../jwk/key.ts'
import type { KeySelector } from '../jwk/key-set.ts'
import { importPublicKey } from '../jwk/public-key.ts'
import { checkPublicMembers } from '../jwk/public-members.ts'

/** Keys of a set at most, where it comes from elsewhere. */
const maximumKeys = 100

/** Told once for each entry that cannot verify, with the reason; it holds no key material. */
export type OnWarning = (message: string) => void

/** The usable keys of a set. */
export interface ReadyJwkSet {
  /** Every key that fits, in the order of the set; none is an empty list. */
  selectKeys(selector: KeySelector): Awaitable<readonly PublicKey[]>
  readonly size: number
  /** The entries that can verify, as they were read. */
  readonly jwks: readonly Jwk[]
}

interface Entry {
  readonly jwk: Jwk
  /** The algorithms that the key can be for: its own `alg`, or all that its type and curve allow. */
  readonly rows: readonly SignatureRow[]
  readonly imported: Map<SignatureRow, Awaitable<PublicKey | undefined>>
}

/**
 * Reads a JWK Set. Entries that cannot verify signatures (for encryption, of unknown types, broken, private or
 * symmetric) are left out with a warning: one bad key must not break the set.
 *
 * @throws {JoseError} `key_invalid` when it is no JWK Set, is too large, or no entry of it is usable
 */
export function readJwkSet(value: unknown, onWarning: OnWarning, maxKeys: number = maximumKeys): ReadyJwkSet {
  const list = readList(readMember(value, 'keys'), maxKeys)
  if (list === undefined)
    throw new JoseError(
      'key_invalid',
      `JWK Set: expected an object with an array "keys", got ${kindOf(value)}`,
    )
  if (list.length > maxKeys)
    throw new JoseError('key_invalid', `JWK Set: expected at most ${maxKeys} keys, got more`)
  const reasons: string[] = []
  const entries = list.flatMap((item, index) =>
    readEntry(item, (reason) => reasons.push(`key ${index}: ${reason}`)),
  )
  for (const reason of reasons) onWarning(`JWK Set: ${reason}`)
  if (entries.length === 0)
    throw new JoseError(
      'key_invalid',
      `JWK Set: none of its ${list.length} keys can verify (${reasons.slice(0, 3).join('; ') || 'it is empty'})`,
    )
  const jwks = entries.map(({ jwk }) => jwk)
  return { size: entries.length, jwks, selectKeys: prepareSelection(entries, onWarning) }
}

function readEntry(value: unknown, warn: OnWarning): Entry[] {
  try {
    const jwk = parseJwk(value)
    // A secret in a published set is known to everybody, and a private key should never have been put there.
    if (jwk.kty === 'oct')
      throw new JoseError('key_invalid', 'a symmetric key has no place in a set of public keys')
    if (isPrivateJwk(jwk))
      throw new JoseError('key_invalid', 'a private key has no place in a set of public keys')
    checkUse(jwk, ['verify'])
    const rows = rowsOf(jwk)
    checkPublicMembers(jwk, rows[0]!)
    return [{ jwk, rows, imported: new Map() }]
  } catch (error) {
    warn(error instanceof JoseError ? error.message : 'unusable')
    return []
  }
}

function rowsOf(jwk: Jwk): readonly SignatureRow[] {
  const named = jwk.alg === undefined ? undefined : signatureRow(jwk.alg, jwk.crv)
  const rows = jwk.alg === undefined ? rowsForKey(jwk.kty, jwk.crv) : named === undefined ? [] : [named]
  if (rows.length === 0) throw new JoseError('unsupported', 'no signature algorithm of this version fits it')
  return rows
}

/** A thousand keys cost as much as one: those of a key ID are found by it, and those of an algorithm are looked for once. */
function prepareSelection(entries: readonly Entry[], warn: OnWarning): ReadyJwkSet['selectKeys'] {
  const byKid = new Map<string | undefined, Entry[]>()
  for (const entry of entries) {
    const { kid } = entry.jwk
    const others = byKid.get(kid)
    if (others === undefined) byKid.set(kid, [entry])
    else others.push(entry)
  }
  const ofAlgorithm = new Map<string, readonly PublicKey[]>()
  return ({ alg, kid }) => {
    if (kid !== undefined) return fittingKeys(byKid.get(kid) ?? [], alg, warn)
    return (
      ofAlgorithm.get(alg) ??
      chain(fittingKeys(entries, alg, warn), (keys) => {
        ofAlgorithm.set(alg, keys)
        return keys
      })
    )
  }
}

function fittingKeys(
  entries: readonly Entry[],
  alg: SignatureAlgorithm,
  warn: OnWarning,
): Awaitable<readonly PublicKey[]> {
  const fitting = entries.flatMap((entry) => {
    const row = entry.rows.find((candidate) => readsAlgorithm(candidate, alg))
    return row === undefined ? [] : [importEntry(entry, row, warn)]
  })
  return chain(all(fitting), (keys) => keys.filter((key) => key !== undefined))
}

/** The entry's key, imported once; undefined when the runtime refuses it (a point off its curve, for example). */
function importEntry(entry: Entry, row: SignatureRow, warn: OnWarning): Awaitable<PublicKey | undefined> {
  const known = entry.imported.get(row)
  if (known !== undefined || entry.imported.has(row)) return known
  const settle = (key: PublicKey | undefined): PublicKey | undefined => {
    entry.imported.set(row, key)
    return key
  }
  const refuse = (): undefined => {
    warn(`JWK Set: the runtime refuses a key for ${row.algorithm}`)
    settle(undefined)
  }
  try {
    const key = importPublicKey(entry.jwk, row)
    if (!(key instanceof Promise)) return settle(key)
    const pending = key.then(settle, refuse)
    entry.imported.set(row, pending)
    return pending
  } catch {
    return refuse()
  }
}

function all<T>(values: readonly Awaitable<T>[]): Awaitable<readonly T[]> {
  return values.some((value) => value instanceof Promise) ? Promise.all(values) : (values as readonly T[])
}
