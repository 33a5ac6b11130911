import { describe, expect, test } from 'vitest'
import { createClosedBuckets } from '../../src/store/closed-buckets.ts'

const bucket = (key: string) => ({ key, capacity: 3, refillMs: 60_000 })
const closedFor = (key: string, waitMs: number) => new Map([[key, waitMs]])
const atMs = 1_000_000

describe('P15: what is known of closed buckets', () => {
  test('a bucket is closed as long as the database said, for whatever else is asked for with it', () => {
    const closed = createClosedBuckets()
    closed.learn(closedFor('ada', 700), atMs)
    expect(closed.waitMs([bucket('ada'), bucket('here')], atMs)).toBe(700)
    expect(closed.waitMs([bucket('there'), bucket('ada')], atMs + 699)).toBe(1)
    expect(closed.waitMs([bucket('ada')], atMs + 700)).toBe(0)
    expect(closed.waitMs([bucket('here')], atMs)).toBe(0)
  })

  test('of several closed ones the last to open counts', () => {
    const closed = createClosedBuckets()
    closed.learn(new Map([...closedFor('ada', 700), ...closedFor('here', 900)]), atMs)
    expect(closed.waitMs([bucket('ada'), bucket('here')], atMs)).toBe(900)
  })

  test('the database is asked again once a second, however long it said', () => {
    const closed = createClosedBuckets()
    closed.learn(closedFor('ada', 900_000), atMs)
    expect(closed.waitMs([bucket('ada')], atMs + 999)).toBe(899_001)
    expect(closed.waitMs([bucket('ada')], atMs + 1000)).toBe(0)
  })

  test('what the database says later counts, a refund too', () => {
    const closed = createClosedBuckets()
    closed.learn(closedFor('ada', 700), atMs)
    closed.learn(closedFor('ada', 0), atMs)
    expect(closed.waitMs([bucket('ada')], atMs)).toBe(0)
  })

  test('a clock that was set back makes nobody wait for longer', () => {
    const closed = createClosedBuckets()
    closed.learn(closedFor('ada', 700), atMs)
    expect(closed.waitMs([bucket('ada')], atMs - 1)).toBe(0)
  })

  test('memory is bounded: the oldest of 4,096 makes room', () => {
    const closed = createClosedBuckets()
    for (let index = 0; index <= 4096; index++) closed.learn(closedFor(`bucket ${index}`, 700), atMs)
    expect(closed.waitMs([bucket('bucket 0')], atMs)).toBe(0)
    expect(closed.waitMs([bucket('bucket 1')], atMs)).toBe(700)
    expect(closed.waitMs([bucket('bucket 4096')], atMs)).toBe(700)
  })
})
