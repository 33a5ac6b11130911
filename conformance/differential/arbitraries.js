// @ts-check
/** What tokens are made of. */
import fc from 'fast-check'
import { contents } from './algorithms.js'

const registered = new Set(['iss', 'sub', 'aud', 'exp', 'nbf', 'iat', 'jti', '__proto__'])

/** Claims that every verifier of their policy takes. */
export const claims = fc
  .record({
    own: fc.dictionary(
      fc.string({ unit: 'grapheme' }),
      fc.jsonValue({ stringUnit: 'grapheme', maxDepth: 3 }),
      {
        maxKeys: 5,
      },
    ),
    registered: fc.record(
      {
        iss: fc.string(),
        sub: fc.string({ unit: 'grapheme' }),
        aud: fc.oneof(fc.string(), fc.array(fc.string(), { minLength: 1, maxLength: 3 })),
        jti: fc.uuid(),
        iat: fc.nat(1_700_000_000),
        nbf: fc.double({ min: 0, max: 1_700_000_000, noNaN: true }),
        exp: fc.integer({ min: 5_000_000_000, max: 90_000_000_000 }),
      },
      { requiredKeys: [] },
    ),
  })
  .map(({ own, registered: known }) => ({
    ...Object.fromEntries(Object.entries(own).filter(([name]) => !registered.has(name))),
    ...known,
  }))
  .filter((value) => !JSON.stringify(value).includes('__proto__'))
  .filter((value) => !/\p{Surrogate}/u.test(JSON.stringify(value)))
  // JSON has no -0.
  .map((value) => JSON.parse(JSON.stringify(value)))

/** Octets of a payload, now and then long ones. */
export const octets = fc.oneof(
  { weight: 6, arbitrary: fc.uint8Array({ maxLength: 120 }) },
  { weight: 1, arbitrary: fc.uint8Array({ minLength: 700, maxLength: 3000 }) },
  { weight: 1, arbitrary: fc.constant(new Uint8Array(0)) },
)

/** A payload that may stand unencoded in a compact JWS (RFC 7797 §5.2). */
export const printable = fc
  .string({
    unit: fc.integer({ min: 0x20, max: 0x7e }).map((code) => String.fromCharCode(code)),
    maxLength: 80,
  })
  .map((text) => text.replaceAll('.', ':'))
  .map((text) => new Uint8Array(Buffer.from(text)))

/** A payload that may stand unencoded in JSON: any text. */
export const text = fc
  .string({ unit: 'grapheme', maxLength: 60 })
  .map((value) => new Uint8Array(Buffer.from(value)))

/** Further parameters of a header, of the types that RFC 7515 §4.1 gives them. */
export const parameters = fc.record(
  {
    typ: fc.constantFrom('JWT', 'JOSE', 'application/example', 'at+jwt'),
    cty: fc.constantFrom('json', 'text/plain'),
    jku: fc.webUrl(),
    x5t: fc
      .uint8Array({ minLength: 20, maxLength: 20 })
      .map((bytes) => Buffer.from(bytes).toString('base64url')),
    'http://example.com/note': fc
      .jsonValue({ stringUnit: 'grapheme', maxDepth: 2 })
      .filter((value) => !JSON.stringify(value).includes('__proto__')),
  },
  { requiredKeys: [] },
)

/** The same without a type that says JWT, whose payload is always encoded (RFC 7797 §7). */
export const notOfJwts = parameters.map(({ typ, ...others }) =>
  typ === undefined || /jwt/i.test(typ) ? others : { typ, ...others },
)

export const contentEncryption = fc.constantFrom(...contents)

/** Names of the parties of a key agreement, which differ where both are there (RFC 7518 §4.6.2). */
export const parties = fc
  .record({ apu: name(), apv: name() }, { requiredKeys: [] })
  .filter(({ apu, apv }) => apu === undefined || apu !== apv)

function name() {
  return fc
    .uint8Array({ minLength: 1, maxLength: 20 })
    .map((bytes) => Buffer.from(bytes).toString('base64url'))
}
