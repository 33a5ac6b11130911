/** Examples of the RFCs, octet for octet; the whole collection runs in `npm run conformance`. */
import { expect, test } from 'vitest'
import { signText } from '../../src/crypto/signature.ts'
import { importKey } from '../../src/jwk/import.ts'
import { requireMaterial } from '../../src/jwk/key.ts'
import { decode } from '../../src/jwt/decode.ts'
import { decodeLater } from '../later.ts'
import { outcomeOf } from '../outcome.ts'

test('RFC 7515 Appendix A.1: HS256, with line ends in its JSON', async () => {
  const key = await importKey(
    {
      kty: 'oct',
      k: 'AyM1SysPpbyDfgZld3umj1qzKObwVMkoqQ-EstJQLr_T-1qS0gZH75aKtMN3Yj0iPS4hcgUuTwjAzZr1Z9CAow',
    },
    { algorithm: 'HS256', type: 'secret' },
  )
  const token =
    'eyJ0eXAiOiJKV1QiLA0KICJhbGciOiJIUzI1NiJ9' +
    '.eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ' +
    '.dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk'
  expect(decode(token, key, { issuer: 'joe', now: 1_300_819_379 })).toEqual({
    iss: 'joe',
    exp: 1_300_819_380,
    'http://example.com/is_root': true,
  })
  expect(outcomeOf(() => decode(token, key))).toBe('expired')
})

test('RFC 8037 Appendix A.4: Ed25519 under its older name, deterministic', async () => {
  const key = await importKey(
    {
      kty: 'OKP',
      crv: 'Ed25519',
      d: 'nWGxne_9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A',
      x: '11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo',
      alg: 'EdDSA',
    },
    { type: 'private', algorithm: 'EdDSA' },
  )
  const input = 'eyJhbGciOiJFZERTQSJ9.RXhhbXBsZSBvZiBFZDI1NTE5IHNpZ25pbmc'
  expect(await signText(requireMaterial(key), input)).toBe(
    'hgyY0il_MGCjP0JzlnLWG1PPOt7-09PGcvMg3AIbQR6dWbhijcNR4ki4iylGjg5BhVsPt9g7sVvpAr_MuM0KAg',
  )
})

test('RFC 7515 Appendix A.3: ES256', async () => {
  const key = await importKey(
    {
      kty: 'EC',
      crv: 'P-256',
      x: 'f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU',
      y: 'x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0',
    },
    { type: 'public' },
  )
  const token =
    'eyJhbGciOiJFUzI1NiJ9' +
    '.eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ' +
    '.DtEhU3ljbEg8L38VWAfUAqOyKAM6-Xx-F4GawxaepmXFCgfTjDxw5djxLa8ISlSApmWQxfKTUJqPP3-Kg6NU1Q'
  expect((await decodeLater(token, key, { now: 1_300_819_379 })).iss).toBe('joe')
})
