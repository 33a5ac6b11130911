import { describe, expect, test } from 'vitest'
import { parseStoredHash } from '../../src/accounts/stored-hash.ts'

const password = 'correct horse battery staple'

// Written by the systems that people come from: passlib's documentation, Python's hashlib, glibc's crypt.
const salt = 'AAECAwQFBgcICQoLDA0ODw'
const foreign: readonly (readonly [string, string, string])[] = [
  [
    'scrypt of passlib',
    '$scrypt$ln=16,r=8,p=1$aM15713r3Xsvxbi31lqr1Q$nFNh2CVHVjNldFVKDHDlm4CbdRSCdEBsjjJxD+iCs5E',
    'password',
  ],
  [
    'pbkdf2 in the alphabet of passlib',
    '$pbkdf2-sha256$6400$.voAAQIDBAUGBwgJCgsMDQ$4WTWfd8OzJ8CvEMP/DI2vogc7OuhZGNJTcgFmBMVp.8',
    'password',
  ],
  ['scrypt', `$scrypt$ln=12,r=8,p=1$${salt}$0kAJcZMDMoI6NHVug+mGyKwmdluLX9KqpubH8OLxecs`, password],
  [
    'pbkdf2 with SHA-512',
    `$pbkdf2-sha512$i=1000,l=64$${salt}$A6AmFIti7CKlYdoPiV9jf1d9llp37o27Wms8Zx8fwMJGCOigJzAthOW3Pg+XF5PnNiYnsQsIz1N5NtynrEm78w`,
    password,
  ],
  ['pbkdf2 with SHA-1', `$pbkdf2$1000$${salt}$AOm/kOb/+YAZ3ZwSogYgNu9fO1g`, password],
  [
    'pbkdf2 of Django',
    'pbkdf2_sha256$600000$saltsaltsalt$hOny0j0plGYphFz/Hl9QD2+aRvT1sLhjTu2Jv9QPlEY=',
    password,
  ],
  ['bcrypt', '$2b$05$abcdefghijklmnopqrstuuFiPhXf1sVd3pCCRO.uVh34H/qI/ZsuS', password],
  ['bcrypt of PHP', '$2y$05$abcdefghijklmnopqrstuuFiPhXf1sVd3pCCRO.uVh34H/qI/ZsuS', password],
  [
    'argon2d',
    '$argon2d$v=19$m=64,t=2,p=1$MDEyMzQ1Njc4OWFiY2RlZg$ieoA3l7PS/I3ikiFn012V+F3IzsQbtSPrjbzufF2dPM',
    password,
  ],
  [
    'argon2i',
    '$argon2i$v=19$m=64,t=2,p=1$MDEyMzQ1Njc4OWFiY2RlZg$tTEGqyzWgE8XeFIcVmGNBy2ro7tX1aVB4Lm/p52JsIo',
    password,
  ],
  [
    'argon2id',
    '$argon2id$v=19$m=64,t=2,p=1$MDEyMzQ1Njc4OWFiY2RlZg$gAwJW5vx5itn2V9KHlEUjyUCrpDYgKyQf0gMaHGx1h4',
    password,
  ],
]

async function verify(text: string, typed: string): Promise<boolean> {
  const parsed = parseStoredHash(text)
  if (!parsed.ok) throw new Error(parsed.why)
  return parsed.hash.verify(typed)
}

describe('hashes of other systems', () => {
  test.each(foreign)('%s: the password of it is right, and no other', async (_, text, typed) => {
    expect(await verify(text, typed)).toBe(true)
    expect(await verify(text, `${typed}!`)).toBe(false)
    expect(await verify(text, '')).toBe(false)
  })

  test.each(foreign)(
    '%s: its decoy is of the same kind, and no password is right',
    async (_, text, typed) => {
      const parsed = parseStoredHash(text)
      if (!parsed.ok) throw new Error(parsed.why)
      const decoy = parseStoredHash(parsed.hash.decoy)
      expect(decoy).toMatchObject({ ok: true, hash: { kind: parsed.hash.kind } })
      expect(await verify(parsed.hash.decoy, typed)).toBe(false)
    },
  )

  test('of bcrypt, what comes after a NUL counts: the password is refused', async () => {
    const [, text = ''] = foreign.find(([name]) => name === 'bcrypt') ?? []
    expect(await verify(text, `${password}\0more`)).toBe(false)
  })
})

describe('P29: what a hash may cost is capped before it is computed', () => {
  const digest = 'A'.repeat(43)
  test.each([
    ['argon2 of 4 GiB', `$argon2id$v=19$m=4194304,t=1,p=1$${salt}$${digest}`],
    ['argon2 of 10⁹ passes', `$argon2id$v=19$m=64,t=999999999,p=1$${salt}$${digest}`],
    ['argon2 of 200 lanes', `$argon2id$v=19$m=65536,t=1,p=200$${salt}$${digest}`],
    ['argon2 of no passes', `$argon2id$v=19$m=64,t=0,p=1$${salt}$${digest}`],
    ['bcrypt of cost 31', `$2b$31$${'a'.repeat(53)}`],
    ['bcrypt of cost 00', `$2b$00$${'a'.repeat(53)}`],
    ['scrypt of 2^31', `$scrypt$ln=31,r=8,p=1$${salt}$${digest}`],
    ['scrypt of a huge block', `$scrypt$ln=10,r=999999999,p=1$${salt}$${digest}`],
    ['scrypt of many lanes', `$scrypt$ln=14,r=8,p=999999999$${salt}$${digest}`],
    ['scrypt of 2^0', `$scrypt$ln=0,r=8,p=1$${salt}$${digest}`],
    ['pbkdf2 of 10⁹ rounds', `$pbkdf2-sha256$i=1000000000,l=32$${salt}$${digest}`],
    ['pbkdf2 of no rounds', `$pbkdf2-sha256$i=0,l=32$${salt}$${digest}`],
    ['pbkdf2 of MD5', `$pbkdf2-md5$i=1000,l=32$${salt}$${digest}`],
    ['a long text', `$pbkdf2-sha256$i=1000$${'A'.repeat(1000)}$${digest}`],
    ['plain text', 'a password'],
    ['MD5', '5f4dcc3b5aa765d61d8327deb882cf99'],
    ['nothing', ''],
  ])('%s is refused', (_, text) => {
    expect(parseStoredHash(text)).toMatchObject({ ok: false })
  })
})
