import { runInNewContext } from 'node:vm'
import { describe, expect, test } from 'vitest'
import { z } from 'zod'
import { secret } from '../../src/jwk/secret.ts'
import { isStandardSchema, type StandardSchema } from '../../src/jwt/schema.ts'
import { createVerifier } from '../../src/jwt/verifier.ts'
import { sharedSecret, token } from '../forge.ts'
import { outcomeLater, outcomeOf, refusal, rejection } from '../outcome.ts'

const key = secret('HS256', sharedSecret)
const verifierFor = (schema: StandardSchema) =>
  createVerifier({ keys: key, issuer: null, audience: null, requireExp: false, schema })
const verify = (schema: StandardSchema, claims: object): unknown =>
  verifierFor(schema).verifySync(token(claims)).claims
/** A schema written by hand: what it answers is the test's choice. */
const answering = (validate: (value: unknown) => unknown): StandardSchema =>
  ({ '~standard': { version: 1, vendor: 'test', validate } }) as unknown as StandardSchema

describe('a schema', () => {
  test('adds its output to the claims: defaults and transformed values', () => {
    const schema = z.object({
      scope: z.string().transform((text) => text.split(' ')),
      level: z.number().default(1),
    })
    expect(verify(schema, { sub: 'a', scope: 'read write' })).toEqual({
      sub: 'a',
      scope: ['read', 'write'],
      level: 1,
    })
  })

  test('keeps claims that it does not speak of, and a strict one refuses them', () => {
    expect(verify(z.object({ a: z.number() }), { a: 1, b: 2 })).toEqual({ a: 1, b: 2 })
    expect(outcomeOf(() => verify(z.strictObject({ a: z.number() }), { a: 1, b: 2 }))).toBe('schema_invalid')
  })

  test('that is not met is schema_invalid, naming the places and never the values', () => {
    const schema = z.object({ role: z.enum(['user']), profile: z.object({ age: z.number() }) })
    const error = refusal(() => verify(schema, { role: 'hunter2', profile: { age: 'hunter2' } }))
    expect(error).toMatchObject({ code: 'schema_invalid', claim: 'role' })
    expect(error.message).toContain('role')
    expect(error.message).toContain('profile.age')
    expect(error.message).not.toContain('hunter2')
  })

  test('is asked after every other check, and only for authentic tokens', () => {
    let asked = 0
    const schema = answering((value) => {
      asked += 1
      return { value }
    })
    expect(outcomeOf(() => verify(schema, { exp: 1 }))).toBe('expired')
    expect(outcomeOf(() => verifierFor(schema).verifySync(`${token({})}A`))).not.toBe('accepted')
    expect(asked).toBe(0)
    verify(schema, {})
    expect(asked).toBe(1)
  })

  test('that answers with a promise is awaited by verify, and unsupported in verifySync', async () => {
    const schema = z.object({ a: z.number() }).refine(async (value) => Promise.resolve(value.a > 5))
    const verifier = verifierFor(schema)
    expect((await verifier.verify(token({ a: 6 }))).claims).toEqual({ a: 6 })
    expect((await rejection(verifier.verify(token({ a: 1 })))).code).toBe('schema_invalid')
    expect(await verifier.safeVerify(token({ a: 1 }))).toMatchObject({
      code: 'schema_invalid',
      authentic: { a: 1 },
    })
    expect(outcomeOf(() => verifier.verifySync(token({ a: 1 })))).toBe('unsupported')
  })

  test('that answers with a promise of another realm, or anything with then, is not skipped', async () => {
    const foreign = answering((value) =>
      (runInNewContext('(result) => Promise.resolve(result)') as (result: unknown) => unknown)({
        issues: [{ message: String(value) }],
      }),
    )
    const thenable = answering(() => ({
      // eslint-disable-next-line unicorn/no-thenable
      then: (resolve: (result: unknown) => void) => resolve({ issues: [{ message: 'no' }] }),
    }))
    for (const schema of [foreign, thenable]) {
      expect(await outcomeLater(() => verifierFor(schema).verify(token({ a: 1 })))).toBe('schema_invalid')
      expect(outcomeOf(() => verifierFor(schema).verifySync(token({ a: 1 })))).not.toBe('accepted')
    }
  })

  test.each([
    ['undefined', undefined],
    ['null', null],
    ['false', false],
    ['text', 'invalid'],
    ['an object with neither value nor issues', {}],
  ])('that answers %s has not said yes', (_name, answer) => {
    const outcome = outcomeOf(() =>
      verify(
        answering(() => answer),
        { a: 1 },
      ),
    )
    expect(['schema_invalid', 'option_invalid']).toContain(outcome)
  })

  test('without issues but with an empty list of them has said no', () => {
    expect(
      outcomeOf(() =>
        verify(
          answering(() => ({ issues: [] })),
          {},
        ),
      ),
    ).toBe('schema_invalid')
  })

  test('that throws is heard: its own error comes out', () => {
    const schema = answering(() => {
      throw new RangeError('of the application')
    })
    expect(outcomeOf(() => verify(schema, {}))).toContain('RangeError')
  })

  test('cannot change the authentic claims', () => {
    const schema = answering((value) => {
      Object.assign(value as object, { role: 'admin' })
      return { value }
    })
    expect(outcomeOf(() => verify(schema, { role: 'user' }))).toContain('TypeError')
  })
})

describe('what a schema gives back', () => {
  test('is frozen with the claims', () => {
    const claims = verify(z.object({ roles: z.string().transform((text) => [text, [text]]) }), { roles: 'a' })
    const { roles } = claims as { roles: unknown[] }
    expect(Object.isFrozen(roles) && Object.isFrozen(roles[1])).toBe(true)
  })

  test('is frozen to its depth even where its outside was frozen before', () => {
    const schema = z.object({ a: z.object({ list: z.array(z.number()) }).readonly() })
    const { a } = verify(schema, { a: { list: [1] } }) as { a: { list: number[] } }
    expect(Object.isFrozen(a.list)).toBe(true)
  })

  test('may hold bytes, dates and maps', () => {
    const schema = z.object({
      bytes: z.string().transform((text) => new TextEncoder().encode(text)),
      when: z.number().transform((seconds) => new Date(seconds * 1000)),
      map: z.number().transform((value) => new Map([['value', value]])),
    })
    const claims = verify(schema, { bytes: 'ab', when: 5, map: 1 }) as { bytes: Uint8Array; when: Date }
    expect([...claims.bytes]).toEqual([97, 98])
    expect(claims.when.getTime()).toBe(5000)
  })

  test('may hold a cycle', () => {
    const cycle: { self?: unknown } = {}
    cycle.self = cycle
    expect(
      outcomeOf(() =>
        verify(
          answering(() => ({ value: { cycle } })),
          {},
        ),
      ),
    ).toBe('accepted')
  })
})

test.each([
  [z.object({}), true],
  [Object.assign(() => 1, { '~standard': { version: 1, validate: () => 1 } }), true],
  [{ '~standard': { version: 1 } }, false],
  [{ '~standard': { version: 2, validate: () => 1 } }, false],
  [{ '~standard': null }, false],
  [{}, false],
  [null, false],
  ['schema', false],
])('isStandardSchema: %#', (value, yes) => {
  expect(isStandardSchema(value)).toBe(yes)
})
