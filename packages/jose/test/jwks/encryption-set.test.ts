import { describe, expect, test } from 'vitest'
import { decryptCompact, encryptCompact } from '../../src/jwe/compact.ts'
import { exportJwk } from '../../src/jwk/export.ts'
import { generateKey } from '../../src/jwk/generate.ts'
import type { Jwk, JwkSet } from '../../src/jwk/jwk.ts'
import { createDecryptionJwkSet, createEncryptionJwkSet } from '../../src/jwks/encryption-set.ts'
import { lockerFor, present } from '../jwe/keys.ts'
import { outcomeLater, outcomeOf, refusal } from '../outcome.ts'

const agreement = await lockerFor('ECDH-ES')
const other = await lockerFor('ECDH-ES', 'X25519')
const transport = await lockerFor('RSA-OAEP-256')
const wrap = await lockerFor('A256KW')
const direct = await lockerFor('A256GCM')

const jwkOf = (key: Parameters<typeof exportJwk>[0]): Promise<Jwk> => exportJwk(key)
const publicKeys = await Promise.all([agreement.lock, other.lock, transport.lock].map(jwkOf))
const privateKeys = await Promise.all([agreement, transport, wrap, direct].map(({ open }) => jwkOf(open)))
const signing = await generateKey('ES256', { extractable: true })

/** What an option tells of the entries of a set that cannot be used. */
function warningsOf(
  make: typeof createEncryptionJwkSet | typeof createDecryptionJwkSet,
  set: unknown,
): string[] {
  const told: string[] = []
  make(set as JwkSet, { onWarning: (message) => void told.push(message) })
  return told
}

describe('createEncryptionJwkSet', () => {
  test('gives the keys for an algorithm and a key ID, in the order of the set', async () => {
    const set = createEncryptionJwkSet({ keys: publicKeys })
    const found = await set.selectEncryptionKeys({ alg: 'ECDH-ES' })
    expect(found.map(({ kid }) => kid)).toEqual([agreement.open.kid, other.open.kid])
    const [one, ...rest] = await set.selectEncryptionKeys({ alg: 'ECDH-ES', kid: present(other.open.kid) })
    expect([one?.kid, rest]).toEqual([other.open.kid, []])
    expect(one?.type).toBe('public')
  })

  test('gives the keys that name an algorithm of their own when none is asked for', async () => {
    const [first, ...others] = publicKeys.map(({ alg: _alg, ...jwk }): Jwk => ({ ...jwk, kty: jwk.kty }))
    const named = { ...present(first), alg: 'ECDH-ES+A128KW' }
    const set = createEncryptionJwkSet({ keys: [named, ...others] })
    const found = await set.selectEncryptionKeys()
    expect(found.map(({ algorithm }) => algorithm)).toEqual(['ECDH-ES+A128KW'])
  })

  test('takes a key without alg for every algorithm of its kind', async () => {
    const { alg: _alg, ...open } = present(publicKeys[0])
    const set = createEncryptionJwkSet({ keys: [{ ...open, kty: 'EC' }] })
    for (const alg of ['ECDH-ES', 'ECDH-ES+A256KW'] as const)
      expect((await set.selectEncryptionKeys({ alg })).map(({ algorithm }) => algorithm)).toEqual([alg])
    expect(await outcomeLater(() => set.selectEncryptionKeys({ alg: 'RSA-OAEP' }))).toBe('key_not_found')
  })

  test('imports a key once', async () => {
    const set = createEncryptionJwkSet({ keys: publicKeys })
    const [first] = await set.selectEncryptionKeys({ alg: 'RSA-OAEP-256' })
    const [second] = await set.selectEncryptionKeys({ alg: 'RSA-OAEP-256' })
    expect(second).toBe(first)
  })

  test('is what a message can be encrypted to', async () => {
    const [key] = await createEncryptionJwkSet({ keys: publicKeys }).selectEncryptionKeys({
      alg: 'RSA-OAEP-256',
    })
    const { plaintext } = await decryptCompact(await encryptCompact('x', present(key)), transport.open)
    expect(new TextDecoder().decode(plaintext)).toBe('x')
  })

  test('leaves out secrets, private keys, keys that sign and what is no key, and says which and why', async () => {
    const keys = [publicKeys[0], privateKeys[0], { kty: 'oct', k: 'AAAA' }, await jwkOf(signing.publicKey), 5]
    const told = warningsOf(createEncryptionJwkSet, { keys })
    expect(told.map((message) => /key \d/.exec(message)?.[0])).toEqual(['key 1', 'key 2', 'key 3', 'key 4'])
    expect(told[0]).toContain('no place in a set of public keys')
    expect(told.join(' ')).not.toContain(present(privateKeys[0]).d)
  })

  test('leaves out a key that turns out to be off its curve, and tells it when it is asked for', async () => {
    const told: string[] = []
    const onWarning = (message: string): void => void told.push(message)
    const broken = { ...present(publicKeys[0]), y: present(publicKeys[0]).x ?? '' }
    const set = createEncryptionJwkSet({ keys: [broken, present(publicKeys[1])] }, { onWarning })
    expect(await set.selectEncryptionKeys({ alg: 'ECDH-ES' })).toHaveLength(1)
    expect(told).toHaveLength(1)
  })

  test('refuses a set without a key that can be used, and says why', () => {
    const { code, message } = refusal(() => createEncryptionJwkSet({ keys: privateKeys }))
    expect(code).toBe('key_invalid')
    expect(message).toContain('be encrypted to')
    expect(message.match(/key \d/g)).toHaveLength(3)
    expect(refusal(() => createEncryptionJwkSet({ keys: [] })).message).toContain('it is empty')
  })
})

describe('createDecryptionJwkSet', () => {
  test('gives the key for alg and enc: by the latter where a secret is used directly', async () => {
    const set = createDecryptionJwkSet({ keys: privateKeys })
    const found = async (alg: 'dir' | 'A256KW' | 'ECDH-ES', enc: 'A256GCM' | 'A128GCM') =>
      (await set.selectDecryptionKeys({ alg, enc })).map(({ kid }) => kid)
    expect(await found('A256KW', 'A128GCM')).toEqual([wrap.open.kid])
    expect(await found('ECDH-ES', 'A128GCM')).toEqual([agreement.open.kid])
    expect(await found('dir', 'A256GCM')).toEqual([direct.open.kid])
    expect(await outcomeLater(() => found('dir', 'A128GCM'))).toBe('key_not_found')
  })

  test('takes a secret that says dir for the content encryption of its size', async () => {
    const secret = { kty: 'oct', alg: 'dir', k: Buffer.alloc(16, 'k3y').toString('base64url') }
    const set = createDecryptionJwkSet({ keys: [secret] })
    expect(await set.selectDecryptionKeys({ alg: 'dir', enc: 'A128GCM' })).toHaveLength(1)
    expect(await outcomeLater(() => set.selectDecryptionKeys({ alg: 'dir', enc: 'A256GCM' }))).toBe(
      'key_not_found',
    )
  })

  test('decrypts, with the key that the token names', async () => {
    const set = createDecryptionJwkSet({ keys: privateKeys })
    for (const { lock } of [agreement, transport, wrap, direct]) {
      const { plaintext } = await decryptCompact(await encryptCompact('x', lock), set)
      expect(new TextDecoder().decode(plaintext)).toBe('x')
    }
  })

  test('leaves out public keys, and keys whose use is another', () => {
    const told = warningsOf(createDecryptionJwkSet, {
      keys: [privateKeys[0], publicKeys[0], { ...privateKeys[1], use: 'sig' }],
    })
    expect(told).toHaveLength(2)
    expect(told[0]).toContain('a public key cannot decrypt')
    expect(told[1]).toContain('"use"')
  })

  test('refuses a set without a key that can be used', () => {
    const { code, message } = refusal(() => createDecryptionJwkSet({ keys: publicKeys }))
    expect(code).toBe('key_invalid')
    expect(message).toContain('decrypt')
  })
})

describe.each([
  ['createEncryptionJwkSet', createEncryptionJwkSet],
  ['createDecryptionJwkSet', createDecryptionJwkSet],
])('%s', (name, make) => {
  test.each<[string, unknown]>([
    ['nothing', undefined],
    ['null', null],
    ['text', '{}'],
    ['a list', publicKeys],
    ['one key', publicKeys[0]],
    ['keys that are no list', { keys: {} }],
    ['more than a hundred keys', { keys: Array.from({ length: 101 }, () => publicKeys[0]) }],
  ])('refuses what is no JWK Set: %s', (_kind, set) => {
    expect(outcomeOf(() => make(set as JwkSet))).toBe('key_invalid')
  })

  test('reads its options strictly', () => {
    const keys = { keys: [...publicKeys, ...privateKeys] }
    for (const options of [
      { onWarnings: () => undefined },
      { onWarning: 'log' },
      { onWarning: undefined },
      5,
    ]) {
      const { code, message } = refusal(() => make(keys, options as never))
      expect(code).toBe('option_invalid')
      expect(message).toContain(name)
    }
    expect(outcomeOf(() => make(keys, {}))).toBe('accepted')
  })
})
