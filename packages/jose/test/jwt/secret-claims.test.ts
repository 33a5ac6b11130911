import { describe, expect, test } from 'vitest'
import { secret } from '../../src/jwk/secret.ts'
import { decode } from '../../src/jwt/decode.ts'
import { encode } from '../../src/jwt/encode.ts'
import { refuseSecretClaims } from '../../src/jwt/secret-claims.ts'
import { signJwt } from '../../src/jwt/sign.ts'
import { sharedSecret } from '../forge.ts'
import { outcomeLater, outcomeOf, refusal } from '../outcome.ts'

const key = secret('HS256', sharedSecret)
/** Typed as if its name were a harmless one, as a computed name is in JavaScript. */
const named = (name: string): { readonly name?: string } => ({ [name]: 'hunter2' })

describe('claims that look like secrets', () => {
  const names = 'password passwd passphrase secret client_secret private_key card_number cvv pin ssn'.split(
    ' ',
  )
  const spellings =
    'Password PASSWORD pass_word pass-word clientSecret client-secret CLIENT_SECRET privateKey'
  const more = 'cardNumber card-number CVV S_S_N _password- Pin'

  test.each([...names, ...spellings.split(' '), ...more.split(' ')])(
    '%s is refused in signing',
    async (name) => {
      const error = refusal(() => encode(named(name), key))
      expect(error).toMatchObject({ code: 'claim_invalid', claim: name })
      expect(await outcomeLater(() => signJwt(named(name), key, { expiresIn: 5 }))).toBe('claim_invalid')
    },
  )

  test('are explained, with the way out, and their value is not shown', () => {
    const { message } = refusal(() => encode(named('password'), key))
    expect(message).toMatch(/anybody can read/)
    expect(message).toContain('allowSecretClaims: true')
    expect(message).not.toContain('hunter2')
  })

  test('are taken with the explicit word', async () => {
    const token = encode(named('password'), key, { allowSecretClaims: true })
    expect(decode(token, key)).toEqual(named('password'))
    const sign = () => signJwt({ pin: 1 }, key, { expiresIn: 5, allowSecretClaims: true })
    expect(await outcomeLater(sign)).toBe('accepted')
  })

  test.each([
    'password_changed_at',
    'secrets',
    'pinned',
    'spin',
    'pins',
    'card',
    'has_password',
    'passwordless',
    'token',
  ])('%s is another word and is taken', (name) => {
    expect(outcomeOf(() => encode(named(name), key))).toBe('accepted')
  })

  test('are looked for at the top level', () => {
    expect(outcomeOf(() => encode({ profile: { pin: 1 } }, key))).toBe('accepted')
  })

  test('are read by decode: somebody else signed them', () => {
    const token = encode({ secret: 1 }, key, { allowSecretClaims: true })
    expect(decode(token, key)).toEqual({ secret: 1 })
  })
})

test('a name that looks like a secret is refused wherever good ones stood before', () => {
  refuseSecretClaims(['a', 'b'])
  for (const names of [
    ['pin', 'b'],
    ['a', 'pin'],
    ['a', 'b', 'pin'],
  ])
    for (let round = 0; round < 2; round += 1)
      expect(() => refuseSecretClaims(names)).toThrow(/looks like a secret/)
})
