/** Waiting that an aborted signal ends. */
import { expect, test } from 'vitest'
import { unlessAborted } from '../../src/feed/pause.ts'

const never = new Promise<string>(() => undefined)

test('work that never ends is waited for until the signal is aborted', async () => {
  const stopping = new AbortController()
  const waited = unlessAborted(never, stopping.signal)
  stopping.abort(new Error('enough'))
  await expect(waited).rejects.toThrow('enough')
  await expect(unlessAborted(never, stopping.signal)).rejects.toThrow('enough')
})

test('work that ends before gives what it gives', async () => {
  const { signal } = new AbortController()
  await expect(unlessAborted(Promise.resolve('done'), signal)).resolves.toBe('done')
  await expect(unlessAborted(Promise.reject(new Error('broken')), signal)).rejects.toThrow('broken')
})
