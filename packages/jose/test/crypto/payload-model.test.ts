/** A payload like the last one is not parsed, and read as if it had been. */
import fc from 'fast-check'
import { afterAll, beforeEach, describe, expect, test } from 'vitest'
import type { TokenEngine } from '../../src/crypto/engine.ts'
import { lacks } from '../../src/crypto/runtime-name.ts'
import { tokenEngine, useTokenEngine } from '../../src/crypto/token-engine.ts'
import { type JsonText, parseJsonObject, parseJsonText } from '../../src/encoding/json-parser.ts'
import { segment } from '../forge.ts'
import { outcomeOf } from '../outcome.ts'

/** The tests of every runtime leave out by these words what it has no engine for. */
const engineWords = { wasm: 'engine in WebAssembly', node: 'engine of one-shot hashes' }

describe.each(['wasm', 'node'] as const)('by the engine %s', (name) => {
  let engine: TokenEngine

  /** One that has seen nothing yet: what it learned before makes it slow to learn more. */
  async function renewEngine(): Promise<void> {
    if (!(await useTokenEngine(name))) throw lacks(engineWords[name])
    engine = tokenEngine()!
  }

  beforeEach(renewEngine)
  afterAll(() => useTokenEngine('wasm'))

  const encoded = (text: string): string => segment(new TextEncoder().encode(text))
  const look = (text: string): JsonText => engine.readPayload(encoded(text))!
  const isLike = (text: string): boolean => look(text).value !== undefined

  /** Shows the engine a text until it is the model; false when it never is. */
  function learn(text: string): boolean {
    for (let round = 0; round < 20; round += 1) {
      const known = look(text)
      if (known.value !== undefined) return true
      parseJsonText(known, 'x')
    }
    return false
  }

  /** The object that a reader makes of a text, or what it refuses it for. */
  function verdict(read: () => unknown): unknown {
    const outcome = outcomeOf(read)
    return outcome === 'accepted' ? read() : outcome
  }
  const byEngine = (text: string): unknown => verdict(() => parseJsonText(look(text), 'x'))
  const byParser = (text: string): unknown => verdict(() => parseJsonObject(text, 'x'))

  const model =
    '{"iss":"https://issuer.example","sub":"user-1","exp":1700000000,"n":7,"ok":true,"roles":["a",{"b":"c"}],"f":1.5,"z":0}'

  describe('a payload that differs from the model', () => {
    test.each([
      ['in nothing', model],
      ['in a text', model.replace('user-1', 'user-2')],
      ['in a text of another length', model.replace('user-1', 'somebody else entirely, of many characters')],
      ['in a text that is empty', model.replace('user-1', '')],
      ['in a text with JSON in it', model.replace('user-1', '{a:[1,2],b:}')],
      ['in a number', model.replace('1700000000', '1800000000')],
      ['in a number of another length', model.replace('"n":7', '"n":999999999999999')],
      ['in a number around 31 bits', model.replace('"n":7', '"n":2147483648')],
      ['in all of them', model.replace('user-1', 'e').replace('17000', '23000')],
    ])('%s is read without parsing', (_what, text) => {
      expect(learn(model)).toBe(true)
      const known = look(text)
      expect(known.value).toStrictEqual(JSON.parse(text))
      expect(Object.keys(known.value!)).toEqual(Object.keys(JSON.parse(text) as object))
      expect(known.text).toBe(text)
    })

    test.each([
      ['an escape', model.replace('user-1', 'user\\n1')],
      ['an escaped quote', model.replace('user-1', 'user\\"1')],
      ['a quote', model.replace('user-1', 'us"er')],
      ['a member more', model.replace('user-1', 'u","sub":"v')],
      ['a control character', model.replace('user-1', 'user\u0000')],
      ['a line break', model.replace('user-1', 'user\n')],
      ['a letter beyond ASCII', model.replace('user-1', '사용자')],
      ['a zero in front', model.replace('"n":7', '"n":07')],
      ['a zero alone', model.replace('"n":7', '"n":0')],
      ['a negative number', model.replace('"n":7', '"n":-7')],
      ['a fraction', model.replace('"n":7', '"n":7.5')],
      ['an exponent', model.replace('"n":7', '"n":7e3')],
      ['sixteen digits', model.replace('"n":7', '"n":9007199254740993')],
      ['no number', model.replace('"n":7', '"n":')],
      ['a text for a number', model.replace('"n":7', '"n":"7"')],
      ['a number for a text', model.replace('"user-1"', '1')],
      ['another name', model.replace('"sub"', '"sup"')],
      ['a name that stands twice', model.replace('"sub"', '"iss"')],
      ['__proto__ for a name', model.replace('"sub"', '"__proto__"')],
      ['another order', model.replace('"n":7,"ok":true', '"ok":true,"n":7')],
      ['a blank', model.replace(':7,', ': 7,')],
      ['a blank behind', `${model} `],
      ['an end that is missing', model.slice(0, -1)],
      ['a character behind the end', `${model}}`],
      ['another value inside', model.replace('"c"', '"d"')],
      ['another word', model.replace('true', 'null')],
      ['nothing at all', ''],
    ])('by %s is parsed, with the same verdict', (_what, text) => {
      expect(learn(model)).toBe(true)
      expect(text !== '' && isLike(text)).toBe(false)
      expect(learn(model)).toBe(true)
      if (text !== '') expect(byEngine(text)).toStrictEqual(byParser(text))
    })

    test('is read as without the engine, whatever the model and wherever they differ', async () => {
      const word = fc.string({ unit: fc.constantFrom('a', 'b', ' ', ':', ',', '{', '"', '\\', 'é', '7') })
      const leaf = fc.oneof(
        word,
        fc.integer(),
        fc.nat(),
        fc.double({ noNaN: true }),
        fc.constantFrom(null, true, 0),
      )
      const value = fc.oneof(
        leaf,
        fc.array(leaf, { maxLength: 3 }),
        fc.dictionary(word, leaf, { maxKeys: 2 }),
      )
      const edit = fc.tuple(
        fc.nat(400),
        fc.constantFrom('', 'a', '0', '1', '"', '\\', ',', '}', '\u0001', 'é', ' '),
      )
      const objects = fc.dictionary(
        fc.string({ unit: fc.constantFrom('x', 'y', ':', '1'), maxLength: 4 }),
        value,
        {
          maxKeys: 40,
        },
      )
      await fc.assert(
        fc.asyncProperty(objects, fc.array(edit, { maxLength: 12 }), async (object, edits) => {
          await renewEngine()
          const text = JSON.stringify(object)
          learn(text)
          expect(byEngine(text)).toStrictEqual(byParser(text))
          for (const [at, replacement] of edits) {
            const place = text.length === 0 ? 0 : at % text.length
            const edited = text.slice(0, place) + replacement + text.slice(place + 1)
            if (edited !== '') expect(byEngine(edited)).toStrictEqual(byParser(edited))
          }
        }),
        { numRuns: 600 },
      )
    })
  })

  describe('what is read without parsing', () => {
    test('is an object of its own, frozen to its depth', () => {
      expect(learn(model)).toBe(true)
      const [one, other] = [look(model).value!, look(model).value!]
      expect(one).not.toBe(other)
      for (const held of [one, one['roles'], (one['roles'] as unknown[])[1]])
        expect(Object.isFrozen(held)).toBe(true)
    })

    test('has no member that Object.prototype was polluted with', () => {
      expect(learn(model)).toBe(true)
      Object.defineProperty(Object.prototype, 'polluted', { value: 1, enumerable: true, configurable: true })
      let names: string[]
      try {
        names = Object.keys(look(model).value!)
      } finally {
        delete (Object.prototype as { polluted?: number }).polluted
      }
      expect(names).toEqual(Object.keys(JSON.parse(model) as object))
    })

    test('of a token that nobody verified is never held against one that was verified', () => {
      const [own, other] = ['{"only":"verified"}', '{"only-ever":"seen"}']
      expect(learn(own)).toBe(true)
      const lookInside = (text: string): JsonText => {
        const dots = { firstDot: 1, secondDot: 2 + encoded(text).length }
        return engine.readUnverified(`h.${encoded(text)}.AAAA`, dots)!.payload
      }
      expect(lookInside(own).value).toBeUndefined()
      for (let round = 0; round < 20; round += 1) parseJsonText(lookInside(other), 'x')
      expect(lookInside(other).value).toEqual(JSON.parse(other))
      expect(isLike(other)).toBe(false)
      expect(isLike(own)).toBe(true)
    })
  })

  describe('a model', () => {
    test('stays when others come in between, and gives way when it is no longer met', () => {
      const [one, other] = ['{"one":"a"}', '{"other":"b"}']
      expect(learn(one)).toBe(true)
      for (let round = 0; round < 50; round += 1) {
        parseJsonText(look(other), 'x')
        expect(isLike(one)).toBe(true)
      }
      expect(learn(other)).toBe(true)
      expect(isLike(one)).toBe(false)
    })

    test('is no text without a value that may differ, with too many, or with a name that every object has', async () => {
      const many = Object.fromEntries(Array.from({ length: 33 }, (_, index) => [`n${index}`, 'x']))
      for (const set of [{}, { a: [1] }, many, { toString: 'x' }]) {
        await renewEngine()
        expect(learn(JSON.stringify(set))).toBe(false)
      }
      await renewEngine()
      delete many['n32']
      expect(learn(JSON.stringify(many))).toBe(true)
      expect(learn(JSON.stringify({ a: 'x'.repeat(12_200) }))).toBe(true)
    })
  })
})
