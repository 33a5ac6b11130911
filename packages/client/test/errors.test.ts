import { ClientError, isClientError } from '@tessera/client'
import { tokenErrorCodes } from '@tessera/jose'
import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { requestCodes, tokenCodes } from '../src/errors.ts'

test('the token codes are those of the library', () => {
  expect([...tokenCodes]).toEqual([...tokenErrorCodes])
})

test('the request codes are those of guard and server', () => {
  const source = readFileSync(new URL('../../guard/src/problem.ts', import.meta.url), 'utf8')
  const list = /requestErrorCodes = \[([^\]]*)\]/.exec(source)?.[1] ?? ''
  expect([...requestCodes]).toEqual([...list.matchAll(/'(\w+)'/g)].map((match) => match[1]))
})

test('isClientError knows an error of another realm, and nothing else', () => {
  expect(isClientError(new ClientError('expired', 'x'))).toBe(true)
  expect(isClientError({ name: 'ClientError', code: 'expired', message: 'x' })).toBe(true)
  for (const other of [null, 'ClientError', new Error('x'), { name: 'ClientError', code: 'x' }]) {
    expect(isClientError(other)).toBe(false)
  }
})
