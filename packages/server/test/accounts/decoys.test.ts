import { describe, expect, test } from 'vitest'
import { createDecoys } from '../../src/accounts/decoys.ts'
import { parseStoredHash } from '../../src/accounts/stored-hash.ts'
import type { UserStore } from '../../src/store/store.ts'

const bcrypt = '$2b$05$abcdefghijklmnopqrstuuFiPhXf1sVd3pCCRO.uVh34H/qI/ZsuS'
const pbkdf2 = '$pbkdf2$1000$AAECAwQFBgcICQoLDA0ODw$AOm/kOb/+YAZ3ZwSogYgNu9fO1g'
const key = Buffer.alloc(32, 7)

function usersWith(hashes: readonly string[]): UserStore {
  const sampleHashes = async (after: string, limit: number) => (after === '' ? hashes.slice(0, limit) : [])
  const list = async () => hashes.map((_, index) => ({ usernameNormalised: `user ${index}` }))
  return { sampleHashes, list } as unknown as UserStore
}

function kindOf(text: string | undefined): string | undefined {
  const parsed = parseStoredHash(text ?? '')
  return parsed.ok ? parsed.hash.kind : undefined
}

describe('P29: an unknown name costs what an account would', () => {
  test('kinds are given in the proportions of the accounts', async () => {
    const decoys = createDecoys(
      usersWith([...Array<string>(75).fill(bcrypt), ...Array<string>(25).fill(pbkdf2)]),
      key,
    )
    await decoys.follow()
    const kinds = Array.from({ length: 4000 }, (_, index) => kindOf(decoys.pick(`name ${index}`)))
    const share = kinds.filter((kind) => kind?.startsWith('bcrypt')).length / kinds.length
    // Five standard deviations of a fair draw.
    expect(Math.abs(share - 0.75)).toBeLessThan(0.035)
  })

  test('a name keeps its kind, and nobody without the key can tell which', async () => {
    const hashes = [bcrypt, pbkdf2]
    const decoys = createDecoys(usersWith(hashes), key)
    const other = createDecoys(usersWith(hashes), Buffer.alloc(32, 8))
    await Promise.all([decoys.follow(), other.follow()])
    const names = Array.from({ length: 200 }, (_, index) => `name ${index}`)
    const before = names.map((name) => kindOf(decoys.pick(name)))
    await decoys.follow()
    expect(names.map((name) => kindOf(decoys.pick(name)))).toEqual(before)
    expect(names.map((name) => kindOf(other.pick(name)))).not.toEqual(before)
  })

  test('a name has one account whose row is read in its place, and others have others', async () => {
    const decoys = createDecoys(usersWith([bcrypt, pbkdf2, bcrypt]), key)
    await decoys.follow()
    const names = Array.from({ length: 100 }, (_, index) => `name ${index}`)
    const standIns = names.map((name) => decoys.standIn(name))
    expect(new Set(standIns)).toEqual(new Set(['user 0', 'user 1', 'user 2']))
    expect(names.map((name) => decoys.standIn(name))).toEqual(standIns)
  })

  test('without accounts there is nothing to hide', async () => {
    const decoys = createDecoys(usersWith([]), key)
    await decoys.follow()
    expect(decoys.pick('ada')).toBeUndefined()
    expect(decoys.standIn('ada')).toBeUndefined()
  })
})
