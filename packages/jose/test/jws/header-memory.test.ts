/** What a verifier remembers of headers saves time and changes no verdict. */
import { describe, expect, test } from 'vitest'
import { Refusal } from '../../src/errors.ts'
import {
  createHeaderMemory,
  type HeaderMemory,
  type KnownHeader,
  readHeader,
  rememberHeader,
} from '../../src/jws/header-memory.ts'
import { secret } from '../../src/jwk/secret.ts'
import { createVerifier } from '../../src/jwt/verifier.ts'
import { forge, now, segment, sharedSecret, token } from '../forge.ts'

const key = secret('HS256', sharedSecret)
const make = () => createVerifier({ keys: key, issuer: null, audience: null, now })
const good = token({ exp: now + 9 })
const [, payload, mac] = good.split('.') as [string, string, string]
const head = (text: string): string => segment(new TextEncoder().encode(text))

const headers = [
  ['none', head('{"alg":"none"}')],
  ['an unknown algorithm', head('{"alg":"HS257"}')],
  ['a forbidden extension', head('{"alg":"HS256","crit":["x"],"x":1}')],
  ['a name twice', head('{"alg":"HS256","alg":"HS256"}')],
  ['no JSON', head('{')],
  ['no UTF-8', segment(Uint8Array.of(0xff, 0xfe))],
  ['no base64url', 'e30='],
  ['another algorithm', head('{"alg":"ES256"}')],
  ['more than a header may be', head(`{"alg":"HS256","x":"${'a'.repeat(9000)}"}`)],
] as const

const rests = [
  `.${payload}.${mac}`,
  `.${payload}.`,
  `.${payload}.${mac}=`,
  `.${payload}=.${mac}`,
  `.${payload}.${mac}.`,
  `.${payload}`,
  `.${payload}.${mac}\n`,
]

describe.each(headers)('a header of %s', (_name, header) => {
  test.each(rests)('is refused the second time as the first, before %j', (rest) => {
    const verifier = make()
    const reasons = [0, 1, 2].map(() => {
      const result = verifier.safeVerifySync(header + rest)
      return result.ok ? 'accepted' : { code: result.code, message: result.error.message }
    })
    expect(reasons[0]).not.toBe('accepted')
    expect(reasons).toEqual([reasons[0], reasons[0], reasons[0]])
    // And so it is by a verifier that saw good tokens and other faults of the same header before.
    const experienced = make()
    experienced.verifySync(good)
    for (const other of rests) experienced.safeVerifySync(header + other)
    const result = experienced.safeVerifySync(header + rest)
    expect(result.ok ? 'accepted' : { code: result.code, message: result.error.message }).toEqual(reasons[0])
  })
})

describe('a refusal', () => {
  const refused = () => make().safeVerifySync(good.slice(0, -1)) as unknown as Refusal

  test('is one error however often it is asked, with a stack of whoever asks', () => {
    const result = refused()
    expect(result.error).toBe(result.error)
    expect(result.error.message).toBe(result.message)
    // Its own name, or that of the bundle of all tests.
    expect(result.error.stack).toMatch(/header-memory\.test|suite\.(browser\.)?js/)
  })

  test('of one token is not that of another', () => {
    const verifier = make()
    const [first, second] = [0, 1].map(() => verifier.safeVerifySync(`${head('{"alg":"none"}')}.e30.`))
    expect(first).toEqual(second)
    expect((first as unknown as Refusal).error).not.toBe((second as unknown as Refusal).error)
  })

  test('lets what is no JoseError pass', () => {
    expect(() => Refusal.of(new RangeError('x'))).toThrow(RangeError)
  })
})

describe('a memory of headers', () => {
  const known = (memory: HeaderMemory, text: string): KnownHeader => {
    const header = readHeader(memory, text)
    if (header instanceof Refusal) throw header.error
    rememberHeader(memory, header)
    return header
  }
  const ofKey = (id: number | string): string => head(`{"alg":"ES256","kid":"${id}"}`)

  test.each([
    [true, 100, true],
    [true, 200, false],
    [false, 10, true],
    [false, 20, false],
  ])(
    'of a set (%j) is asked for %i others: the first one is still known (%j)',
    (isOfSet, others, isKnown) => {
      const memory = createHeaderMemory(16_384, isOfSet)
      const first = known(memory, ofKey('first'))
      for (let index = 0; index < others; index += 1) known(memory, ofKey(index))
      expect(readHeader(memory, ofKey('first')) === first).toBe(isKnown)
    },
  )

  test('keeps no long ones', () => {
    const memory = createHeaderMemory(16_384, true)
    known(memory, ofKey('a'.repeat(600)))
    readHeader(memory, head(`{"alg":"none","kid":"${'a'.repeat(600)}"}`))
    expect([memory.known.size, memory.refused.size]).toEqual([0, 0])
  })
})

test('a flood of headers leaves a good one good', () => {
  const verifier = make()
  for (let index = 0; index < 200; index += 1) {
    expect(verifier.verifySync(good).claims.exp).toBe(now + 9)
    expect(verifier.safeVerifySync(`${head(`{"alg":"x${index}"}`)}.e30.AA`)).toMatchObject({
      code: 'alg_not_allowed',
    })
    const bad = forge({ alg: 'HS256', kid: `k${index}` }, {}, { key: new Uint8Array(32).fill(1) })
    expect(verifier.safeVerifySync(bad)).toMatchObject({ code: 'bad_signature' })
  }
})
