/** The fuzz itself: that each oracle can fail, that inputs come again, and that the corpus is good. */
import { describe, expect, test } from 'vitest'
import { isJoseError, JoseError, tokenErrorCodes } from '@tessera/jose'
import * as jose from '@tessera/jose'
import * as dpop from '@tessera/jose/dpop'
import * as jwe from '@tessera/jose/jwe'
import * as jws from '@tessera/jose/jws'
import * as unverified from '@tessera/jose/unverified'
import { outcomeLater } from '../../packages/jose/test/outcome.ts'
import { runFuzz } from './fuzz.js'
import { elementsOf } from './mutate-der.js'
import { createRandom } from './random.js'
import { corpus, lenient, openSubject } from './subject.js'
import { allTargets, type Target } from './targets.js'
import { growthOf } from './world.js'

const library = { ...dpop, ...jwe, ...jws, ...jose, ...unverified, name: 'node' as const }
const text = 'a claim that nobody may see'

function run(target: Partial<Target>, inputs = 40) {
  return runFuzz({
    targets: [
      { name: 'planted', weight: 1, make: () => ({ text }), calls: () => [() => undefined], ...target },
    ],
    seed: 1,
    start: 0,
    inputs,
    maxMs: 50,
    mayLack: false,
    vocabulary: '',
    isJoseError,
    codes: new Set(tokenErrorCodes),
  })
}

/** The oracles that failed. */
async function failed(target: Partial<Target>): Promise<string[]> {
  const { failures } = await run(target)
  return [...new Set(failures.map(({ oracle }) => oracle))]
}

const refuse = (message: string) => (): never => {
  throw new JoseError('malformed', message)
}

describe('an oracle fails on', () => {
  test.each([true, false])('an error that is not ours (asynchronous: %j)', async (isAsync) => {
    const calls = () => [() => [].at(0)!['x']]
    expect(await failed({ isAsync, calls })).toEqual(['every refusal is a JoseError with a code of ours'])
  })

  test('an error of ours with a code that is none', async () => {
    const odd = () => {
      throw Object.assign(new JoseError('malformed', 'x'), { code: 'other' })
    }
    expect(await failed({ calls: () => [odd] })).toEqual(['every refusal is a JoseError with a code of ours'])
  })

  test('two verdicts on one input', async () => {
    const calls = () => [refuse('x'), () => undefined]
    expect(await failed({ calls })).toEqual([
      'one input, one verdict: cold and warm, twice, and by every engine',
    ])
  })

  test('a verdict that is another the second time', async () => {
    let times = 0
    const calls = () => [() => (times++ % 2 === 0 ? refuse('x')() : undefined)]
    expect(await failed({ calls })).toEqual([
      'one input, one verdict: cold and warm, twice, and by every engine',
    ])
  })

  test('what should not have been accepted', async () => {
    expect(await failed({ mayBeAccepted: () => false })).toEqual(['what is accepted may be accepted'])
  })

  test('a message, or that of its cause, with a piece of the input', async () => {
    const oracle = 'no message tells a piece of its input'
    expect(await failed({ calls: () => [refuse(`got ${text.slice(2, 12)}`)] })).toEqual([oracle])
    const encoded = Buffer.from(text).toString('base64url')
    const make = () => ({ token: `x.${encoded}.y` })
    expect(await failed({ make, calls: () => [refuse(text)] })).toEqual([oracle])
    const caused = () => {
      throw new JoseError('malformed', 'x', { cause: new Error(text) })
    }
    expect(await failed({ calls: () => [caused] })).toEqual([oracle])
    expect(await failed({ calls: () => [refuse('got a clai')] })).toEqual([])
  })

  test('a call that takes long, three times', async () => {
    const spin = (): void => {
      const before = process.cpuUsage().user
      while (process.cpuUsage().user - before < 60_000);
    }
    const { failures } = await run({ calls: () => [spin] }, 1)
    expect(failures).toMatchObject([{ oracle: 'no call takes long', index: 0 }])
  })

  test('a rejection that nobody handles', async () => {
    const calls = () => [() => void Promise.reject(new Error('x'))]
    const { failures } = await run({ calls }, 1)
    expect(failures).toMatchObject([{ oracle: 'no rejection is left unhandled' }])
  })

  test('a prototype that is another', async () => {
    const polluted = Object.prototype as { planted?: boolean }
    try {
      expect(await failed({ calls: () => [() => (polluted.planted = true)] })).toEqual([
        'no prototype changes',
      ])
    } finally {
      delete polluted.planted
    }
  })
})

test('memory grows when the least of its last quarter is above that of its second', () => {
  const steady = [9, 30, 10, 40, 10, 35, 10, 90]
  expect(growthOf(steady)).toBe(0)
  expect(growthOf(steady.map((value, index) => value + index * 5))).toBe(20)
  expect(growthOf([1, 2, 3])).toBe(0)
})

test('an input follows from the seed and its number', () => {
  const draw = (seed: number, index: number) => createRandom(seed, index).text(20, 'abcdefgh')
  expect(draw(1, 5)).toBe(draw(1, 5))
  expect(new Set([draw(1, 5), draw(1, 6), draw(2, 5)]).size).toBe(3)
})

test('the elements of DER are found at every depth, and in the strings that carry keys', () => {
  const pem: string = corpus.pems['RSA, PKCS #8']
  const der = Buffer.from(pem.replaceAll(/-----[^-]+-----|\s/g, ''), 'base64')
  // The outer three, the two of the algorithm, and the key inside with its nine numbers.
  expect(elementsOf(der)).toHaveLength(16)
})

describe('the corpus', async () => {
  const subject = await openSubject(library)
  const verbs = library as unknown as Record<string, (...given: unknown[]) => Promise<unknown>>
  const read = (verb: string, ...given: unknown[]): Promise<string> =>
    outcomeLater(() => verbs[verb]?.(...given))
  const options = { ...lenient, allowZip: true }

  test('is good: every sample is accepted', async () => {
    const accepted: Promise<string>[] = []
    for (const { key, text: token } of corpus.jwts)
      accepted.push(read('verifyJwt', token, subject.reader(key), lenient))
    for (const { key, text: token, isNested } of corpus.jwes) {
      const named = key.startsWith('PBES2') ? { keyManagementAlgorithms: [key] } : {}
      const [decryptWith, verifyWith] = [subject.holders[key], subject.reader('ES256')]
      accepted.push(
        isNested
          ? read('openJwt', token, { ...options, decryptWith, verifyWith })
          : read('decryptJwt', token, decryptWith, { ...options, ...named }),
      )
    }
    for (const { key, value, isDetached } of [...corpus.compact, ...corpus.flattened]) {
      const verb = typeof value === 'string' ? 'verifyCompact' : 'verifyFlattened'
      accepted.push(read(verb, value, subject.reader(key), isDetached ? { payload: corpus.detached } : {}))
    }
    for (const { key, value } of corpus.general)
      accepted.push(read('verifyGeneral', value, subject.reader(key), { policy: 'any' }))
    for (const { key, value } of corpus.encrypted) {
      const verb = 'recipients' in value ? 'decryptGeneral' : 'decryptFlattened'
      accepted.push(read(verb, value, subject.holders[key]))
    }
    expect(accepted.length).toBeGreaterThan(50)
    expect(new Set(await Promise.all(accepted))).toEqual(new Set(['accepted']))
  })

  test('and two thousand mutants of it pass every oracle, on the sources', async () => {
    const { failures, verdicts } = await runFuzz({
      targets: allTargets([subject]),
      seed: 20_260_101,
      start: 0,
      inputs: 2000,
      maxMs: 2000,
      mayLack: false,
      vocabulary: '',
      isJoseError,
      codes: new Set(tokenErrorCodes),
    })
    expect(failures.filter(({ oracle }) => !oracle.startsWith('no message'))).toEqual([])
    expect(verdicts.size).toBeGreaterThan(12)
  })
})
