/** Waiting within bounds. */
import { describe, expect, test } from 'vitest'
import { withinTime } from '../../src/jwks/time-limit.ts'

describe('work within a time', () => {
  test('gives what it gives, now or later', async () => {
    expect(await withinTime(10_000, () => 'now')).toBe('now')
    expect(await withinTime(10_000, async () => Promise.resolve('later'))).toBe('later')
  })

  test('fails as it fails, and leaves nothing behind when it throws at once', async () => {
    const broken = (): never => {
      throw new TypeError('broken')
    }
    await expect(withinTime(5, broken)).rejects.toThrow('broken')
    // Nobody waits for the limit any more; if it rejected all the same, the run would fail for that.
    await new Promise((resolve) => setTimeout(resolve, 20))
  })

  test('ends at its limit, whether or not the work looks at its signal', async () => {
    let signal: AbortSignal | undefined
    const deaf = (given: AbortSignal) => {
      signal = given
      return new Promise(() => undefined)
    }
    await expect(withinTime(5, deaf)).rejects.toMatchObject({ name: 'TimeoutError' })
    expect(signal?.aborted).toBe(true)
  })
})
