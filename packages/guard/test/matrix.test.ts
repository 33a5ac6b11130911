import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { rows } from './matrix.ts'
import type { Row } from './matrix.ts'
import { targets } from './targets.ts'
import type { Answer, Question, StartTarget, Target } from './targets.ts'
import { createWorld } from './world.ts'
import type { World } from './world.ts'

const statuses: Readonly<Record<string, number>> = {
  request_invalid: 400,
  insufficient_scope: 403,
  keys_unavailable: 503,
  unavailable: 503,
}

const challenges: Readonly<Record<string, string | undefined>> = {
  token_missing: 'Bearer',
  request_invalid: 'Bearer error="invalid_request"',
  keys_unavailable: undefined,
  unavailable: undefined,
}

/** What the first adapter answered to each row: all others answer the same, to the letter. */
const answers = new Map<string, unknown>()

function questionOf(row: Row, world: World): Question {
  const { query, ...rest } = row.token
    ? { authorization: [`Bearer ${row.token(world)}`] }
    : { query: undefined, ...row.ask?.(world) }
  return { path: `/${row.guard ?? 'plain'}${query === undefined ? '' : `?${query}`}`, ...rest }
}

function seen({ status, headers, body }: Answer): object {
  const names = [
    'www-authenticate',
    'content-type',
    'cache-control',
    'retry-after',
    'access-control-expose-headers',
    'etag',
    'vary',
  ]
  return { status, body, headers: Object.fromEntries(names.map((name) => [name, headers[name]])) }
}

function expectRefusal(row: Row, { status, headers, body }: Answer): void {
  const code = String(row.gives)
  expect({ status, body }).toEqual({
    status: statuses[code] ?? 401,
    body: {
      type: `urn:tessera:error:${code}`,
      title: expect.stringMatching(/^[A-Z]/),
      status,
      detail: expect.stringMatching(/\w+ \w+/),
      code,
    },
  })
  const challenge = row.challenge ?? (code in challenges ? challenges[code] : 'Bearer error="invalid_token"')
  expect(headers['www-authenticate']).toBe(challenge)
  expect(headers['content-type']).toBe('application/problem+json')
  expect(headers['cache-control']).toBe('no-store')
  expect(headers['retry-after']).toBe(status === 503 ? '5' : undefined)
}

function describeTarget(name: string, start: StartTarget): void {
  describe(`the guard in ${name}`, () => {
    let world: World
    let target: Target
    beforeAll(async () => {
      world = await createWorld()
      target = await start(world.guards)
    })
    afterAll(async () => {
      await target.close()
      await world.close()
    })

    test.each(rows.map((row) => [row.title, row.gives, row] as const))(
      'given %s answers %s',
      async (title, gives, row) => {
        row.before?.(world)
        const question = questionOf(row, world)
        const answer = await target.ask(question)
        if (gives === 200) {
          expect(answer).toMatchObject({ status: 200, body: { sub: 'alice' } })
          expect(answer.headers['www-authenticate']).toBeUndefined()
        } else {
          expectRefusal(row, answer)
          for (const value of question.authorization ?? []) expectNoEcho(value, answer)
          expect(seen(answer)).toEqual(
            (answers.has(title) ? answers : answers.set(title, seen(answer))).get(title),
          )
        }
      },
    )

    test('asks for the keys once for all requests that one set of them can decide', () => {
      // `plain` and `fresh` each loaded them once; `fresh` asked again for the kid that it did not know.
      expect(world.issuer.fetches).toBeLessThanOrEqual(3)
    })

    test('tells onError why it could not decide, and nothing else', () => {
      const messages = world.errors.map((error) => (error as Error).message)
      expect(messages).toEqual(
        expect.arrayContaining(['a fault of the application', 'a broken key', 'broken']),
      )
      expect(messages).not.toContain('no such key')
    })
  })
}

/** No part of what was presented may come back (RFC 6750 §5.2). */
function expectNoEcho(value: string, answer: Answer): void {
  const text = JSON.stringify([answer.headers['www-authenticate'], answer.body])
  for (const part of value.split(/[\s,.]+/)) if (part.length > 12) expect(text).not.toContain(part)
}

for (const [name, start] of Object.entries(targets)) describeTarget(name, start)

test('the table has the sixty requests that it was written for, each under its own title', () => {
  expect(rows.length).toBeGreaterThanOrEqual(60)
  expect(new Set(rows.map(({ title }) => title)).size).toBe(rows.length)
})
