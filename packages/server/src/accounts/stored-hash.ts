/**
 * Password hashes as databases hold them: our own Argon2id, and those of systems that people come from. What a hash may
 * cost is capped before anything is computed: an imported line must not be able to take the machine (P29).
 */
import { pbkdf2, scrypt, timingSafeEqual } from 'node:crypto'
import { promisify } from 'node:util'
import { verify as verifyArgon2 } from '@node-rs/argon2'
import { verify as verifyBcrypt } from '@node-rs/bcrypt'
import { mostHash } from '../config/hash-parameters.ts'

/** A hash that was read, and whose cost is bearable. */
export interface StoredHash {
  /** Algorithm and parameters, without salt and digest: `argon2id m=19456,t=2,p=1`. */
  readonly kind: string
  verify(password: string): Promise<boolean>
  /** A hash of the same kind that no password has: comparing with it costs the same. */
  readonly decoy: string
}

export type ParsedHash =
  | { readonly ok: true; readonly hash: StoredHash }
  | { readonly ok: false; readonly why: string }

type Read = (groups: Readonly<Record<string, string | undefined>>, text: string) => ParsedHash

/** Reads a stored hash: argon2*, scrypt and pbkdf2 as PHC strings, bcrypt as it writes itself, and Django's pbkdf2. */
export function parseStoredHash(text: string): ParsedHash {
  if (text.length > 512) return refused('expected at most 512 characters, got more')
  for (const [form, read] of forms) {
    const groups = form.exec(text)?.groups
    if (groups !== undefined) return read(groups, text)
  }
  return refused('expected a hash of argon2, scrypt, bcrypt or pbkdf2 in PHC form, got another text')
}

const b64 = '[A-Za-z0-9+/.]'

const forms: readonly (readonly [RegExp, Read])[] = [
  [
    new RegExp(
      `^\\$(?<name>argon2(?:id|i|d))\\$v=19\\$m=(?<m>\\d{1,9}),t=(?<t>\\d{1,9}),p=(?<p>\\d{1,9})\\$(?<salt>[A-Za-z0-9+/]{11,86})\\$(?<digest>[A-Za-z0-9+/]{16,171})$`,
    ),
    readArgon2,
  ],
  [/^\$2[aby]\$(?<cost>\d\d)\$[./A-Za-z0-9]{53}$/, readBcrypt],
  [
    new RegExp(
      `^\\$scrypt\\$ln=(?<ln>\\d{1,9}),r=(?<r>\\d{1,9}),p=(?<p>\\d{1,9})\\$(?<salt>${b64}{1,171})\\$(?<digest>${b64}{22,171})$`,
    ),
    readScrypt,
  ],
  [
    new RegExp(
      `^\\$pbkdf2-(?<name>sha1|sha256|sha512)\\$(?:i=)?(?<i>\\d{1,10})(?:,l=\\d{1,3})?\\$(?<salt>${b64}{1,171})\\$(?<digest>${b64}{22,171})$`,
    ),
    ({ name = '', i, salt = '', digest }) => readPbkdf2({ name, i, salt: fromB64(salt), digest }),
  ],
  // passlib writes SHA-1 without its name.
  [
    new RegExp(`^\\$pbkdf2\\$(?<i>\\d{1,10})\\$(?<salt>${b64}{1,171})\\$(?<digest>${b64}{22,171})$`),
    ({ i, salt = '', digest }) => readPbkdf2({ name: 'sha1', i, salt: fromB64(salt), digest }),
  ],
  [
    /^pbkdf2_(?<name>sha1|sha256)\$(?<i>\d{1,10})\$(?<salt>[^$]{1,128})\$(?<digest>[A-Za-z0-9+/]{22,171})=?=?$/,
    ({ name = '', i, salt = '', digest }) => readPbkdf2({ name, i, salt: Buffer.from(salt), digest }),
  ],
]

/** 256 MiB, and as much work as sixteen of our own hashes. */
function readArgon2(
  { name = '', m, t, p, salt = '', digest = '' }: Readonly<Record<string, string | undefined>>,
  text: string,
): ParsedHash {
  const [memory, passes, lanes] = [Number(m), Number(t), Number(p)]
  if (passes < 1 || lanes < 1 || lanes > mostHash.lanes || memory < 8 * lanes)
    return refused('parameters out of range')
  if (memory > mostHash.memoryKib || memory * passes > mostHash.work) return tooCostly()
  return accepted({
    kind: `${name} m=${m},t=${t},p=${p}`,
    verify: (password) => verifyArgon2(text, password),
    decoy:
      text.slice(0, -salt.length - digest.length - 1) +
      `${'A'.repeat(salt.length)}$${'A'.repeat(digest.length)}`,
  })
}

function readBcrypt({ cost }: Readonly<Record<string, string | undefined>>, text: string): ParsedHash {
  if (Number(cost) < 4) return refused('parameters out of range')
  if (Number(cost) > 14) return tooCostly()
  return accepted({
    kind: `bcrypt cost=${cost}`,
    verify: async (password) => !password.includes('\0') && (await verifyBcrypt(password, text)),
    decoy: `${text.slice(0, 7)}${'.'.repeat(53)}`,
  })
}

function readScrypt({
  ln,
  r: rText,
  p: pText,
  salt = '',
  digest = '',
}: Readonly<Record<string, string | undefined>>): ParsedHash {
  const [logN, r, p] = [Number(ln), Number(rText), Number(pText)]
  if (logN < 1 || r < 1 || p < 1) return refused('parameters out of range')
  if (logN > 20 || 128 * 2 ** logN * r > 256 * 1024 * 1024 || 2 ** logN * r * p > 2 ** 22) return tooCostly()
  const maxmem = 128 * 2 ** logN * r + 128 * r * p + 1024 * 1024
  return accepted({
    kind: `scrypt ln=${logN},r=${r},p=${p}`,
    verify: async (password) => {
      const expected = fromB64(digest)
      const options = { N: 2 ** logN, r, p, maxmem }
      return isSame(await deriveScrypt(password, fromB64(salt), expected.length, options), expected)
    },
    decoy: `$scrypt$ln=${logN},r=${r},p=${p}$${'A'.repeat(salt.length)}$${'A'.repeat(digest.length)}`,
  })
}

function deriveScrypt(
  password: string,
  salt: Buffer,
  length: number,
  options: { N: number; r: number; p: number; maxmem: number },
): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    scrypt(password, salt, length, options, (error, key) => (error === null ? resolve(key) : reject(error)))
  })
}

const derivePbkdf2 = promisify(pbkdf2)

function readPbkdf2({
  name,
  i,
  salt,
  digest = '',
}: {
  readonly name: string
  readonly i: string | undefined
  readonly salt: Buffer
  readonly digest: string | undefined
}): ParsedHash {
  const iterations = Number(i)
  if (iterations < 1) return refused('parameters out of range')
  if (iterations > 2_000_000) return tooCostly()
  return accepted({
    kind: `pbkdf2-${name} i=${iterations}`,
    verify: async (password) => {
      const expected = fromB64(digest)
      return isSame(await derivePbkdf2(password, salt, iterations, expected.length, name), expected)
    },
    decoy: `$pbkdf2-${name}$i=${iterations}$${'A'.repeat(22)}$${'A'.repeat(digest.length)}`,
  })
}

/** Base64 without padding; passlib writes `.` for `+`. */
function fromB64(text: string): Buffer {
  return Buffer.from(text.replaceAll('.', '+'), 'base64')
}

function isSame(actual: Buffer, expected: Buffer): boolean {
  return actual.length === expected.length && timingSafeEqual(actual, expected)
}

function accepted(hash: StoredHash): ParsedHash {
  return { ok: true, hash }
}

function refused(why: string): ParsedHash {
  return { ok: false, why }
}

function tooCostly(): ParsedHash {
  return refused('the parameters cost more memory or time than a log-in may')
}
