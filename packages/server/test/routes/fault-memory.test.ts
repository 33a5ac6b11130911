import { describe, expect, test } from 'vitest'
import { createFaultMemory } from '../../src/routes/fault-memory.ts'
import type { StorePhase } from '../../src/store/store-error.ts'
import { StoreError } from '../../src/store/store-error.ts'
import type { TestServer } from '../create-test-server.ts'
import { createTestServer } from '../create-test-server.ts'

interface FaultLine {
  readonly status: number
  readonly err: {
    readonly type: string
    readonly message: string
    readonly cause?: string
    readonly stack?: string
  }
}

const faultsOf = ({ lines }: TestServer): readonly FaultLine[] =>
  lines.filter(({ message }) => message === 'request failed') as unknown as readonly FaultLine[]

/** A server whose database can be told to fail. */
async function setUp() {
  let fault: StoreError | undefined
  const server = await createTestServer({
    wrapStore: (store) => ({
      ...store,
      throttle: {
        ...store.throttle,
        charge: (...args) => (fault === undefined ? store.throttle.charge(...args) : Promise.reject(fault)),
      },
      sessions: {
        ...store.sessions,
        findProofs: (sids) => (fault === undefined ? store.sessions.findProofs(sids) : Promise.reject(fault)),
        change: (...args) => (fault === undefined ? store.sessions.change(...args) : Promise.reject(fault)),
        ...(store.sessions.compareAndSet !== undefined && {
          compareAndSet: (...args: Parameters<NonNullable<typeof store.sessions.compareAndSet>>) =>
            fault === undefined ? store.sessions.compareAndSet!(...args) : Promise.reject(fault),
        }),
      },
    }),
  })
  const { refresh_token } = await server.signup()
  const ask = async (times: number): Promise<void> => {
    for (let count = 0; count < times; count++) {
      const login = { json: { username: 'ada', password: 'a password of hers' } }
      expect((await server.refresh(refresh_token)).status).toBe(503)
      expect((await server.send('POST', '/login', login)).status).toBe(503)
      server.wait(0.1)
    }
  }
  return {
    server,
    ask,
    failWith: (phase: StorePhase, code: string) => void (fault = new StoreError(phase, { code })),
  }
}

describe('a database that fails every request', () => {
  test('that is away is told once in full, and each request is one line that says what is wrong', async () => {
    const { server, ask, failWith } = await setUp()
    failWith('begin', 'ECONNREFUSED')
    await ask(25)
    failWith('lost', 'ECONNRESET')
    await ask(25)
    const faults = faultsOf(server)
    expect(faults).toHaveLength(100)
    expect(faults.filter(({ err }) => err.stack !== undefined)).toEqual([faults[0]])
    for (const { status, err } of faults) {
      expect(status).toBe(503)
      expect(err.message).toMatch(
        /^the database refused to (begin a transaction: ECONNREFUSED|answer: ECONNRESET)$/,
      )
    }
  })

  test('whose disk is full is told once in full, beside another fault', async () => {
    const { server, ask, failWith } = await setUp()
    failWith('statement', 'SQLITE_FULL')
    await ask(25)
    failWith('statement', 'SQLITE_IOERR')
    await ask(25)
    const told = faultsOf(server).filter(({ err }) => err.stack !== undefined)
    expect(told.map(({ err }) => err.message)).toEqual([
      'the database refused to run a statement: SQLITE_FULL',
      'the database refused to run a statement: SQLITE_IOERR',
    ])
  })

  test('the next outage, after a minute without, is told in full again', async () => {
    const { server, ask, failWith } = await setUp()
    failWith('begin', 'ECONNREFUSED')
    await ask(10)
    server.wait(61)
    await ask(10)
    expect(faultsOf(server).filter(({ err }) => err.stack !== undefined)).toHaveLength(2)
  })
})

test('faults of a program are told apart by their place, and the memory of them is bounded', () => {
  let atMs = 0
  const isNews = createFaultMemory(() => atMs)
  const faultAt = (place: string): Error =>
    Object.assign(new TypeError('x is undefined'), { stack: `TypeError: x is undefined\n    at ${place}` })
  expect(['a', 'a', 'b', 'a', 'b'].map((place) => isNews(faultAt(place)))).toEqual([
    true,
    false,
    true,
    false,
    false,
  ])
  for (let count = 0; count < 1000; count++) expect(isNews(faultAt(`place ${count}`))).toBe(true)
  expect(isNews(faultAt('place 999'))).toBe(false)
  expect(isNews(faultAt('a'))).toBe(true)
  // As long as it goes on it is one fault.
  for (; atMs < 600_000; atMs += 59_000) expect(isNews(faultAt('a'))).toBe(false)
  expect(['text', 'text', undefined].map(isNews)).toEqual([true, false, true])
})
