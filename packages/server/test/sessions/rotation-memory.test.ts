import { expect, test } from 'vitest'
import { createRotationMemory } from '../../src/sessions/rotation-memory.ts'

const rotation = (sid: string, generation = 1) => ({ sid, generation, rotatedAtMs: 1000 })

test('P21: the age of a rotation that this process made is counted on a clock that nobody sets', () => {
  let elapsedMs = 0
  const memory = createRotationMemory(() => elapsedMs)
  memory.note(rotation('a'))
  elapsedMs = 29_000
  expect(memory.ageMs(rotation('a'))).toBe(29_000)
  expect(memory.ageMs(rotation('b'))).toBeUndefined()
})

test('a rotation that another process made since is not known, whatever was known of the session', () => {
  const memory = createRotationMemory(() => 0)
  memory.note(rotation('a'))
  expect(memory.ageMs(rotation('a', 2))).toBeUndefined()
  expect(memory.ageMs({ ...rotation('a'), rotatedAtMs: 1001 })).toBeUndefined()
})

test('its size is bounded: the oldest is forgotten first', () => {
  const memory = createRotationMemory(() => 0, 2)
  for (const sid of ['a', 'b', 'a', 'c']) memory.note(rotation(sid))
  expect(['a', 'b', 'c'].map((sid) => memory.ageMs(rotation(sid)))).toEqual([0, undefined, 0])
})
