/** What a run by another path adds to the library: that it can fail. */
import { expect, test } from 'vitest'
import { askTwice } from './paths.js'

test('a verdict that is another the second time is found', async () => {
  let times = 0
  const turning = async (): Promise<object> => {
    times += 1
    if (times % 2 === 0) throw Object.assign(new Error('no'), { code: 'expired' })
    return Promise.resolve({ claims: {} })
  }
  await expect(askTwice(turning)).rejects.toThrow('another verdict')
  times = 1
  await expect(askTwice(turning)).rejects.toThrow('another verdict')
  await expect(askTwice(() => ({ claims: { sub: `${(times += 1)}` } }))).rejects.toThrow('another verdict')
})

test('a verdict that stays is handed on', async () => {
  expect(await askTwice(() => ({ claims: { sub: 'x' } }))).toEqual({ claims: { sub: 'x' } })
  const refused = Object.assign(new Error('no'), { code: 'expired' })
  await expect(askTwice(() => Promise.reject(refused))).rejects.toBe(refused)
})
