import { expect, test } from 'vitest'
import { createMergeHeaders } from '../../src/http/merge-headers.ts'

const always = { 'x-content-type-options': 'nosniff', vary: 'Origin' }

test('of one name the answer’s own header takes the place of the common one, and that of CORS the place of both', () => {
  const merge = createMergeHeaders(always)
  expect(merge({ vary: 'Accept', 'cache-control': 'no-store' }, {})).toEqual([
    'x-content-type-options',
    'nosniff',
    'vary',
    'Accept',
    'cache-control',
    'no-store',
  ])
  expect(merge({ vary: 'Accept' }, { vary: 'Origin, Accept' })).toEqual([
    'x-content-type-options',
    'nosniff',
    'vary',
    'Origin, Accept',
  ])
})

test('frozen headers are merged once for each origin’s headers, and never with those of another', () => {
  const merge = createMergeHeaders(always)
  const own = Object.freeze({ etag: '"1"' })
  const [none, listed] = [{}, { 'access-control-allow-origin': 'https://app.example' }]
  expect(merge(own, none)).toBe(merge(own, none))
  expect(merge(own, listed)).toContain('https://app.example')
  expect(merge(own, none)).not.toContain('https://app.example')
})

test('headers that may change are merged anew', () => {
  const merge = createMergeHeaders(always)
  const own = { etag: '"1"' }
  expect(merge(own, {})).toContain('"1"')
  own.etag = '"2"'
  expect(merge(own, {})).toContain('"2"')
})
