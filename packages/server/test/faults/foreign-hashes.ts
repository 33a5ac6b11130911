/**
 * Hashes as other systems write them, of every kind that an import takes and at little cost: whatever else a log-in does
 * shows best beside those, and a hundred thousand of them are quick.
 */
import { pbkdf2Sync, randomBytes, scryptSync } from 'node:crypto'
import { hash as hashArgon2 } from '@node-rs/argon2'
import { hash as hashBcrypt } from '@node-rs/bcrypt'

export interface ForeignKind {
  readonly name: string
  /** With a new salt. */
  hash(password: string): Promise<string>
}

export const foreignKinds: readonly ForeignKind[] = [
  // The package's own numbers: its enum exists in types only.
  argon2('argon2d', 0),
  argon2('argon2i', 1),
  argon2('argon2id', 2),
  bcrypt('2a'),
  bcrypt('2b'),
  bcrypt('2y'),
  { name: 'scrypt', hash: async (password) => scrypt(password) },
  pbkdf2('sha1'),
  pbkdf2('sha256'),
  pbkdf2('sha512'),
  { name: 'pbkdf2-sha1 of passlib', hash: async (password) => ofPasslib(password) },
  { name: 'pbkdf2-sha256 of Django', hash: async (password) => ofDjango(password) },
]

function argon2(name: string, algorithm: 0 | 1 | 2): ForeignKind {
  const options = { algorithm, memoryCost: 64, timeCost: 1, parallelism: 1 }
  return { name, hash: (password) => hashArgon2(password, options) }
}

function bcrypt(version: string): ForeignKind {
  // They differ in what old programs did wrong; the cost is the least there is.
  return {
    name: `bcrypt ${version}`,
    hash: async (password) => `$${version}${(await hashBcrypt(password, 4)).slice(3)}`,
  }
}

function scrypt(password: string): string {
  const salt = randomBytes(16)
  const digest = scryptSync(password, salt, 32, { N: 2 ** 6, r: 4, p: 1 })
  return `$scrypt$ln=6,r=4,p=1$${unpadded(salt)}$${unpadded(digest)}`
}

const iterations = 200

function pbkdf2(name: 'sha1' | 'sha256' | 'sha512'): ForeignKind {
  const bytes = { sha1: 20, sha256: 32, sha512: 64 }[name]
  return {
    name: `pbkdf2-${name}`,
    hash: async (password) => {
      const salt = randomBytes(16)
      const digest = pbkdf2Sync(password, salt, iterations, bytes, name)
      return `$pbkdf2-${name}$i=${iterations}$${unpadded(salt)}$${unpadded(digest)}`
    },
  }
}

function ofPasslib(password: string): string {
  const salt = randomBytes(16)
  const digest = pbkdf2Sync(password, salt, iterations, 20, 'sha1')
  const written = [salt, digest].map((bytes) => unpadded(bytes).replaceAll('+', '.'))
  return `$pbkdf2$${iterations}$${written.join('$')}`
}

function ofDjango(password: string): string {
  const salt = randomBytes(11).toString('hex')
  const digest = pbkdf2Sync(password, salt, iterations, 32, 'sha256')
  return `pbkdf2_sha256$${iterations}$${salt}$${digest.toString('base64')}`
}

function unpadded(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('base64').replace(/=+$/, '')
}
