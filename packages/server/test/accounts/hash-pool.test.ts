import { describe, expect, test } from 'vitest'
import type { HashPool, HashTurn } from '../../src/accounts/hash-pool.ts'
import { createHashPool, HasherBusy } from '../../src/accounts/hash-pool.ts'

/** Work that ends when it is told to, and says when it begins. */
function createWork({ run }: HashPool) {
  const begun: string[] = []
  const ends = new Map<string, () => void>()
  return {
    begun,
    start: (name: string, turn?: HashTurn) => {
      const done = run(async () => {
        begun.push(name)
        await new Promise<void>((resolve) => ends.set(name, resolve))
      }, turn)
      // What still waits when a test is over is told so later, and nobody listens.
      done.catch(() => undefined)
      return done
    },
    /** Ends one, and waits until what comes after it has begun. */
    end: async (name: string) => {
      ends.get(name)?.()
      await new Promise((go) => setImmediate(go))
    },
  }
}

const [one, other] = ['198.51.100.0/24', '203.0.113.0/24']

describe('P15: the pool of hashes is no weapon', () => {
  test('known devices have a slot that strangers cannot take', async () => {
    const { start, begun } = createWork(createHashPool({ concurrency: 2 }))
    for (const name of ['a', 'b', 'c']) void start(name, { share: one })
    void start('owner', { share: one, isKnown: true })
    expect(begun).toEqual(['a', 'b', 'owner'])
  })

  test('strangers keep their slots while known devices use theirs', async () => {
    const { start, begun } = createWork(createHashPool({ concurrency: 2 }))
    void start('owner', { share: one, isKnown: true })
    for (const name of ['a', 'b', 'c']) void start(name, { share: one })
    expect(begun).toEqual(['owner', 'a', 'b'])
  })

  test('of the queue, one network holds a quarter; others still get in', async () => {
    const pool = createHashPool({ concurrency: 1, queueLimit: 8 })
    const { start } = createWork(pool)
    const flood = Array.from({ length: 20 }, (_, index) => start(`flood ${index}`, { share: one }))
    const refused = flood.map((work) => work.catch((error: unknown) => error))
    const kept = await Promise.race([Promise.all(refused.slice(3)), refused[0]])
    expect(kept).toHaveLength(17)
    expect((kept as unknown[]).every((error) => error instanceof HasherBusy)).toBe(true)
    const honest = start('honest', { share: other })
    await expect(Promise.race([honest, Promise.resolve('waits')])).resolves.toBe('waits')
  })

  test('says that there is no room before anything is charged, and that there is', () => {
    const pool = createHashPool({ concurrency: 1, queueLimit: 4 })
    const { start } = createWork(pool)
    for (let index = 0; index < 2; index++) void start(`flood ${index}`, { share: one })
    expect(() => pool.expectRoom({ share: one })).toThrow(HasherBusy)
    expect(() => pool.expectRoom({ share: other })).not.toThrow()
    expect(() => pool.expectRoom({ share: one, isKnown: true })).not.toThrow()
  })

  test('the owner has a queue beside that of strangers from the same network', async () => {
    const { start, end, begun } = createWork(createHashPool({ concurrency: 1, queueLimit: 4 }))
    for (let index = 0; index < 9; index++) void start(`flood ${index}`, { share: one })
    void start('at work', { share: one, isKnown: true })
    void start('owner', { share: one, isKnown: true })
    await end('at work')
    expect(begun).toEqual(['flood 0', 'at work', 'owner'])
  })

  test('a flood from one network delays another by one hash, whatever waits before it', async () => {
    const { start, end, begun } = createWork(createHashPool({ concurrency: 2 }))
    for (let index = 0; index < 20; index++) void start(`flood ${index}`, { share: one })
    void start('honest', { share: other })
    await end('flood 0')
    expect(begun).toEqual(['flood 0', 'flood 1', 'honest'])
  })

  test('a flood from several networks delays another by one hash of each, on one core too', async () => {
    const { start, end, begun } = createWork(createHashPool({ concurrency: 1, queueLimit: 64 }))
    for (let index = 0; index < 12; index++)
      void start(`flood ${index}`, { share: `198.51.${index % 3}.0/24` })
    void start('honest', { share: other })
    for (const name of ['flood 0', 'flood 1', 'flood 2', 'honest']) await end(name)
    expect(begun).toEqual(['flood 0', 'flood 1', 'flood 2', 'honest', 'flood 3'])
    void start('honest again', { share: other })
    await end('flood 3')
    expect(begun.at(-1)).toBe('honest again')
  })

  test('who waits longest is first, where networks have no shares', async () => {
    const { start, end, begun } = createWork(createHashPool({ concurrency: 1, sharesFairly: false }))
    for (const name of ['a', 'b', 'c', 'd']) void start(name, { share: name === 'b' ? other : one })
    for (const name of ['a', 'b', 'c']) await end(name)
    expect(begun).toEqual(['a', 'b', 'c', 'd'])
  })

  test('one network has every slot while nobody else waits', async () => {
    const { start, end, begun } = createWork(createHashPool({ concurrency: 2 }))
    for (const name of ['a', 'b', 'c', 'd']) void start(name, { share: one })
    await end('a')
    expect(begun).toEqual(['a', 'b', 'c'])
  })

  test('who has waited for as long as the queue allows is told so, although nothing has ended', async () => {
    const { start, begun } = createWork(createHashPool({ concurrency: 1, queueMs: 20 }))
    void start('a', { share: one })
    await expect(start('b', { share: one })).rejects.toThrow(HasherBusy)
    expect(begun).toEqual(['a'])
  })

  test('nothing is kept of a network whose log-in gave up waiting: it comes again as one that was never there', async () => {
    const { start, end, begun } = createWork(createHashPool({ concurrency: 1, queueMs: 20 }))
    void start('a', { share: one })
    const gaveUp = start('gives up', { share: one })
    void start('b', { share: other })
    await end('a')
    await expect(gaveUp).rejects.toThrow(HasherBusy)
    // Were its turn remembered, the newcomer would go before it.
    void start('again', { share: one })
    void start('newcomer', { share: '192.0.2.0/24' })
    await end('b')
    expect(begun).toEqual(['a', 'b', 'again'])
  })

  test('a failed hash gives its slot back', async () => {
    const { run } = createHashPool({ concurrency: 1 })
    const fail = () => run(() => Promise.reject(new Error('no memory')))
    await expect(fail()).rejects.toThrow('no memory')
    await expect(fail()).rejects.toThrow('no memory')
    await expect(run(async () => 'done')).resolves.toBe('done')
  })
})
