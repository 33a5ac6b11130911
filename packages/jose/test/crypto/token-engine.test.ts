/** The engine in WebAssembly says of every token what is said without it. */
import { createHmac } from 'node:crypto'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { longestText, type TokenEngine } from '../../src/crypto/engine.ts'
import { lacks } from '../../src/crypto/runtime-name.ts'
import { tokenEngine, useTokenEngine } from '../../src/crypto/token-engine.ts'
import { base64urlFault } from '../../src/encoding/base64url.ts'
import { parseJsonObject } from '../../src/encoding/json-parser.ts'
import { generateKey } from '../../src/jwk/generate.ts'
import { importKey } from '../../src/jwk/import.ts'
import { secret } from '../../src/jwk/secret.ts'
import { decode } from '../../src/jwt/decode.ts'
import { encode } from '../../src/jwt/encode.ts'
import { createVerifier, type Verifier } from '../../src/jwt/verifier.ts'
import { decodeUnverified } from '../../src/unverified.ts'
import { forge, now, pairFor, segment, sharedBytes, sharedSecret, token } from '../forge.ts'
import { isSynchronous } from '../later.ts'
import { outcomeOf } from '../outcome.ts'

let engine: TokenEngine

beforeAll(async () => {
  // Elsewhere the tests of every runtime leave this file out by these words, and Node.js must not.
  if (!(await useTokenEngine('wasm'))) throw lacks('engine in WebAssembly')
})

/** The engines, one after the other. */
const describeEngines = (title: string, tests: () => void): void =>
  describe.each(['node', 'wasm'] as const)(`by the engine %s, ${title}`, (name) => {
    beforeAll(async () => {
      if (!(await useTokenEngine(name))) throw lacks('engine of one-shot hashes')
      engine = tokenEngine()!
    })
    tests()
  })

const key = secret('HS256', sharedSecret)

afterAll(() => useTokenEngine('wasm'))

const mac = (text: string, bytes: Uint8Array = sharedBytes): string =>
  createHmac('sha256', bytes).update(text).digest('base64url')
const dotsOf = (text: string) => ({ firstDot: text.indexOf('.'), secondDot: text.lastIndexOf('.') })
const ascii = (length: number): string =>
  Array.from({ length }, (_, index) => String.fromCharCode(32 + ((index * 31) % 95))).join('')

describeEngines('a MAC', () => {
  test('is that of node:crypto for every length around the edges of blocks and vectors', () => {
    const context = engine.prepareKey(sharedBytes)
    for (let length = 0; length < 300; length += 1) {
      const [header, claims] = ['h'.repeat(8 + (length % 40)), { a: ascii(length) }]
      const payload = JSON.stringify(claims)
      const signed = `${header}.${segment(new TextEncoder().encode(payload))}`
      const good = `${signed}.${mac(signed)}`
      expect(engine.signToken(context, header, claims)).toBe(good)
      expect(engine.openToken(context, good, dotsOf(good))?.text).toBe(payload)
      expect(engine.openKnown(context, header, good)).toMatchObject({ text: payload })
      const at = length % good.length
      const bad = good.slice(0, at) + (good[at] === 'A' ? 'B' : 'A') + good.slice(at + 1)
      expect(engine.openToken(context, bad, dotsOf(good))).toBeUndefined()
      expect(engine.openKnown(context, header, bad)).toBeOneOf([undefined, false])
    }
  })

  test('is that of its own key when keys and texts take turns, keys of every length included', () => {
    const keys = [1, 31, 32, 33, 63, 64].map((length) => new Uint8Array(length).fill(length))
    const contexts = keys.map((bytes) => engine.prepareKey(bytes))
    for (let round = 0; round < 40; round += 1) {
      for (const [index, bytes] of keys.entries()) {
        // The first block is the same in some rounds and not in others.
        const signed = `${'a'.repeat(20 + (round % 3))}.${'YWFh'.repeat((round % 25) * 5)}`
        const good = `${signed}.${mac(signed, bytes)}`
        for (const [other, context] of contexts.entries()) {
          const opened = engine.openToken(context, good, dotsOf(good))
          expect(opened !== undefined).toBe(other === index)
        }
      }
    }
  })

  test('of a key longer than a block is that of its hash (RFC 2104 §2)', () => {
    for (const length of [63, 64, 65, 128, 200]) {
      const text = 'k'.repeat(length - 1) + '!'
      const good = encode({ a: 1 }, secret('HS256', text))
      const at = good.lastIndexOf('.')
      expect(good.slice(at + 1)).toBe(mac(good.slice(0, at), new TextEncoder().encode(text)))
      const verifier = createVerifier({
        keys: secret('HS256', text),
        issuer: null,
        audience: null,
        requireExp: false,
      })
      for (let round = 0; round < 3; round += 1) expect(verifier.verifySync(good).claims['a']).toBe(1)
    }
  })
})

describeEngines('a payload', () => {
  test('is canonical base64url or none, for every character at every place', () => {
    for (const length of [2, 3, 4, 14, 15, 16, 17, 31, 32, 33, 35]) {
      for (let at = 0; at < length; at += 1) {
        for (let code = 0; code < 256; code += 1) {
          const text = 'A'.repeat(at) + String.fromCharCode(code) + 'A'.repeat(length - at - 1)
          const expected = length % 4 !== 1 && base64urlFault(text, 'text') === undefined
          let isTaken = true
          try {
            isTaken = engine.readPayload(text) !== undefined
          } catch (error) {
            // Octets that are no text: of them, too, the encoding was good.
            expect((error as Error).message).toContain('UTF-8')
          }
          expect(isTaken).toBe(expected)
        }
      }
    }
  })

  test('of any octets is read as without the engine, or refused alike', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 400 }), (bytes) => {
        const read = (): string | undefined => engine.readPayload(segment(bytes))?.text
        const text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })
        const expected = outcomeOf(() => text.decode(bytes)) === 'accepted' ? text.decode(bytes) : 'malformed'
        if (expected === 'malformed' && bytes.length > 0) expect(outcomeOf(read)).toBe('malformed')
        else expect(read()).toBe(expected)
      }),
    )
  })

  test('beyond ASCII is not taken for another', () => {
    for (const text of ['\u0141', `AAA\u0141`, 'AAAAAAAAAAAAAAA\u0165', '\ud800AAA'])
      expect(engine.readPayload(text)).toBeUndefined()
  })
})

/** Members of all objects, and whether there is one object alone: as the thorough way sees it. */
function surveyed(text: string): { members: number; isFlat: boolean } {
  let members = 0
  let holders = 0
  JSON.parse(text, function (this: unknown, _name, value: unknown) {
    if (!Array.isArray(this)) members += 1
    if (typeof value === 'object' && value !== null) holders += 1
    return value
  })
  // The reviver is called once more, for the whole.
  return { members: members - 1, isFlat: holders === 1 }
}

describe('a look at JSON by WebAssembly', () => {
  beforeAll(async () => {
    if (!(await useTokenEngine('wasm'))) throw lacks('engine in WebAssembly')
    engine = tokenEngine()!
  })

  const survey = (text: string) => engine.readPayload(segment(new TextEncoder().encode(text)))!

  test('counts the members of any value, whatever stands in its strings', () => {
    const leaf = fc.oneof(
      fc.string({ unit: fc.constantFrom(':', '{', '[', '}', ']', ',', 'a', ' ', 'é', '한') }),
      fc.integer(),
      fc.boolean(),
      fc.constant(null),
    )
    const { value } = fc.letrec((tie) => ({
      value: fc.oneof(
        { maxDepth: 4 },
        leaf,
        fc.array(tie('value'), { maxLength: 4 }),
        fc.dictionary(fc.string({ unit: fc.constantFrom(':', 'b', '{', 'ü') }), tie('value'), { maxKeys: 5 }),
      ),
    }))
    fc.assert(
      fc.property(fc.dictionary(fc.string({ unit: 'grapheme-ascii' }), value, { maxKeys: 6 }), (object) => {
        const text = JSON.stringify(object)
        const { members, isFlat, text: read } = survey(text)
        expect(read).toBe(text)
        if (text.includes('\\')) expect(members).toBe(-1)
        else expect({ members, isFlat }).toEqual(surveyed(text))
      }),
      { numRuns: 400 },
    )
  })

  test('counts a member that stands twice, so that the thorough way is gone', () => {
    expect(survey('{"a":1,"a":2}').members).toBe(2)
    expect(survey('{"a":{"b":1,"b":[{"c":1}]}}').members).toBe(4)
    expect(survey(`{"a":"${':'.repeat(5000)}"}`)).toMatchObject({ members: 1, isFlat: true })
    expect(() => parseJsonObject('{"a":1,"a":2}', 'x')).toThrow(/twice/)
  })
})

describe('a verifier', () => {
  /** What every way says of a token: the code and the message, or the claims. */
  async function verdicts(verifier: Verifier, value: string): Promise<unknown[]> {
    const found: unknown[] = []
    for (const wanted of ['none', 'node', 'wasm'] as const) {
      await useTokenEngine(wanted)
      for (let round = 0; round < 2; round += 1) {
        const result = verifier.safeVerifySync(value)
        found.push(result.ok ? result.claims : [result.code, result.error.message])
      }
    }
    return found
  }

  const claims = [
    '{"exp":4000000000}',
    '{"exp":4000000000,"exp":4000000000}',
    '{"exp":4000000000,"__proto__":1}',
    '{"exp":4000000000,"a":{"__proto__":1}}',
    '{"exp":4000000000,"a":{"b":[1,{"c":1,"c":2}]}}',
    '{"exp":4000000000,"a":"\\u0065","a":1}',
    '{"exp":4000000000,"\\u0061":1,"a":1}',
    '{"exp":4000000000,"a":"\\ud800"}',
    `{"exp":4000000000,"a":${'['.repeat(62)}${']'.repeat(62)}}`,
    `{"exp":4000000000,"a":${'['.repeat(63)}${']'.repeat(63)}}`,
    `{"exp":4000000000,"a":${'['.repeat(64)}${']'.repeat(64)}}`,
    `{"exp":4000000000,"a":"${'é한:'.repeat(60)}"}`,
    '{"exp":1}',
    '{"exp":"4000000000"}',
    '{"exp":1e999}',
    '{"iss":"x"}',
    '{}',
    '[]',
    'null',
    '"text"',
    '',
    '{',
    '{"a":1}}',
    '{"exp":4000000000,"a":"\u0000"}',
  ]

  test.each(claims)('says the same of %s with and without it', async (text) => {
    const verifier = createVerifier({ keys: key, issuer: null, audience: null, now })
    const signed = `${segment(new TextEncoder().encode('{"alg":"HS256"}'))}.${segment(new TextEncoder().encode(text))}`
    const found = await verdicts(verifier, `${signed}.${mac(signed)}`)
    expect(found).toEqual(Array(6).fill(found[0]))
  })

  test('says the same of octets that are no text, and of any token that was changed somewhere', async () => {
    const verifier = createVerifier({ keys: key, issuer: null, audience: null, now })
    const good = token({ exp: now + 9, sub: 'a', text: 'x'.repeat(90) })
    const signed = `${good.split('.')[0]}.${segment(Uint8Array.of(0x7b, 0xff, 0x7d))}`
    const changed = [
      `${signed}.${mac(signed)}`,
      `${good}=`,
      `${good}.`,
      ` ${good}`,
      `${good}\n`,
      `Bearer ${good}`,
    ]
    for (let at = 0; at < good.length; at += 1) {
      const places = ['A', '.', '=', '\n', '\u0141', '']
      changed.push(good.slice(0, at) + String(places[at % places.length]) + good.slice(at + 1))
    }
    for (const value of changed) {
      const found = await verdicts(verifier, value)
      expect(found).toEqual(Array(6).fill(found[0]))
    }
  })

  test('takes tokens of every length, and those of public keys, with it as without', async () => {
    const { privateKey, publicJwk } = pairFor('ES256')
    const open = createVerifier({
      keys: await importKey(publicJwk, { type: 'public' }),
      issuer: null,
      audience: null,
      now,
    })
    const verifier = createVerifier({ keys: key, issuer: null, audience: null, now })
    for (const length of [0, 1, 100, 200, 250, 300, 1000, 5000, 11_000, 12_050]) {
      const set = { exp: now + 9, text: 'x'.repeat(length), list: [1, { a: [] }] }
      const [own, other] = [token(set), forge({ alg: 'ES256' }, set, { algorithm: 'ES256', key: privateKey })]
      expect(await verdicts(verifier, own)).toEqual(Array(6).fill(set))
      if (isSynchronous) expect(await verdicts(open, other)).toEqual(Array(6).fill(set))
    }
    expect(longestText).toBe(16_384)
  })

  test('freezes claims to their depth with it too', () => {
    const verifier = createVerifier({ keys: key, issuer: null, audience: null, now })
    const read = (set: object) => {
      const good = token({ exp: now + 9, ...set })
      verifier.verifySync(good)
      return verifier.verifySync(good).claims
    }
    expect(Object.isFrozen(read({}))).toBe(true)
    const { list } = read({ list: [{ a: { b: [] } }] }) as unknown as { list: { a: { b: unknown } }[] }
    for (const held of [list, list[0], list[0]?.a, list[0]?.a.b]) expect(Object.isFrozen(held)).toBe(true)
  })
})

describe('a signer', () => {
  test('makes the same tokens of every length with and without it, claims like the last ones or not', async () => {
    const made: string[][] = []
    for (const wanted of ['none', 'node', 'wasm'] as const) {
      await useTokenEngine(wanted)
      const tokens: string[] = []
      for (let round = 0; round < 3; round += 1) {
        for (let length = 0; length < 400; length += 1)
          tokens.push(encode({ sub: `user-${length}`, text: 'x'.repeat(length), 이름: 'é' }, key))
        for (const length of [1000, 4050, 4100, 12_000, 12_180])
          for (const letter of ['x', 'y']) tokens.push(encode({ text: letter.repeat(length) }, key))
      }
      made.push(tokens)
      expect(outcomeOf(() => encode({ text: 'x'.repeat(12_300) }, key))).toBe('too_large')
    }
    expect(made[1]).toEqual(made[0])
    expect(made[2]).toEqual(made[0])
    const last = made[0]?.at(-1) ?? ''
    expect(last).toBe(`${last.slice(0, -44)}.${mac(last.slice(0, -44))}`)
  })

  test.runIf(isSynchronous)('of a private key makes tokens that hold, keys and claims in turn', async () => {
    await useTokenEngine('wasm')
    const keys = await Promise.all(
      (['ES256', 'ES512', 'Ed25519'] as const).map((algorithm) => generateKey(algorithm)),
    )
    for (let round = 0; round < 40; round += 1) {
      for (const one of [key, ...keys]) {
        const set = { sub: `user-${round}`, exp: now + 9, text: 'x'.repeat(round * round) }
        const made = encode(set, one)
        expect(decode(made, 'publicKey' in one ? one.publicKey : one, { now })).toEqual(set)
      }
    }
  })
})

describe('a look inside', () => {
  test('of any token that was changed somewhere tells the same by every engine and by none', async () => {
    const good = token({ exp: now + 9, sub: 'a', text: 'é'.repeat(20) })
    const changed = [
      good,
      `${good}=`,
      `${good}.`,
      `${good}AAAA`,
      good.slice(0, -1),
      'e30.e30.AB',
      'e30.e30.AA',
    ]
    for (let at = 0; at < good.length; at += 1) {
      const places = ['A', '.', '=', '+', '\n', '\u0141', '', '/']
      changed.push(good.slice(0, at) + String(places[at % places.length]) + good.slice(at + 1))
    }
    for (const value of changed) {
      const look = (): unknown => decodeUnverified(value).unverified
      const found: unknown[] = []
      for (const name of ['none', 'node', 'wasm'] as const) {
        await useTokenEngine(name)
        const outcome = outcomeOf(look)
        found.push(outcome === 'accepted' ? look() : outcome)
      }
      expect(found).toStrictEqual(Array(3).fill(found[0]))
    }
  })
})

describe('where code must not be compiled', () => {
  test('a verifier goes on without it', async () => {
    vi.stubGlobal('WebAssembly', {
      instantiate: () => Promise.reject(new Error('refused by a policy')),
    })
    try {
      expect(await useTokenEngine('wasm')).toBe(false)
      const verifier = createVerifier({ keys: key, issuer: null, audience: null, now })
      for (let round = 0; round < 300; round += 1)
        expect(verifier.verifySync(token({ exp: now + 9 })).claims.exp).toBe(now + 9)
    } finally {
      vi.unstubAllGlobals()
    }
  })
})
