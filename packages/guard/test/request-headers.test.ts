import { describe, expect, test } from 'vitest'
import { headerValues } from '../src/request-headers.ts'
import type { RequestHeaders } from '../src/request-headers.ts'

const valuesOf = (headers: RequestHeaders): readonly string[] => headerValues(headers, 'authorization')

describe('headerValues', () => {
  test('finds the header in any case, in each form of headers', () => {
    const pairs: [string, string][] = [
      ['Host', 'a'],
      ['AUTHORIZATION', 'x'],
    ]
    expect(valuesOf(pairs)).toEqual(['x'])
    expect(valuesOf(new Map(pairs))).toEqual(['x'])
    expect(valuesOf(new Headers(pairs))).toEqual(['x'])
    expect(valuesOf({ host: 'a', Authorization: 'x' })).toEqual(['x'])
  })

  test('gives every occurrence where the form tells them apart', () => {
    expect(
      valuesOf([
        ['authorization', 'x'],
        ['Authorization', 'y'],
      ]),
    ).toEqual(['x', 'y'])
    expect(valuesOf({ authorization: ['x', 'y'] })).toEqual(['x', 'y'])
    expect(valuesOf({ authorization: 'x', Authorization: 'y' })).toEqual(['x', 'y'])
    expect(
      valuesOf(
        new Headers([
          ['authorization', 'x'],
          ['authorization', 'y'],
        ]),
      ),
    ).toEqual(['x, y'])
  })

  test('reads own members alone, of a record without a prototype too', () => {
    const bare = Object.assign(Object.create(null) as object, { host: 'a', AUTHORIZATION: 'x' })
    expect(valuesOf(bare as RequestHeaders)).toEqual(['x'])
    expect(valuesOf(Object.create({ authorization: 'x' }) as RequestHeaders)).toEqual([])
  })

  test('gives no header that an Object.prototype was polluted with', () => {
    const polluted = { value: 'Bearer x', enumerable: true, configurable: true, writable: true }
    Object.defineProperty(Object.prototype, 'authorization', polluted)
    const found = [valuesOf({ host: 'a' }), valuesOf({ host: 'a', Authorization: 'y' })]
    Reflect.deleteProperty(Object.prototype, 'authorization')
    expect(found).toEqual([[], ['y']])
  })

  test('gives nothing where there is no such header', () => {
    expect(valuesOf({})).toEqual([])
    expect(valuesOf({ authorization: undefined, 'proxy-authorization': 'x' })).toEqual([])
    expect(valuesOf(new Headers())).toEqual([])
  })

  test.each([undefined, null, 'authorization: x', 5])('refuses %s, which is no headers', (headers) => {
    expect(() => valuesOf(headers as never)).toThrow(expect.objectContaining({ code: 'option_invalid' }))
  })
})
