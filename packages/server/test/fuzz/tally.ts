/** What was sent and what came back, by operation. */
import type { Contract } from './contract.ts'
import type { Observed } from './request.ts'

export interface Tally {
  note(seen: Observed, ms: number): void
  readonly requests: number
  /** Statuses that the document lists and nothing has met. */
  unseen(): readonly string[]
  print(): void
}

export function createTally(contract: Contract): Tally {
  const seen = new Map<string, Map<number, number>>()
  let requests = 0
  let slowest = 0
  const count = (name: string, status: number): void => {
    const row = seen.get(name) ?? new Map<number, number>()
    row.set(status, (row.get(status) ?? 0) + 1)
    seen.set(name, row)
  }
  return {
    note: ({ method, path, status }, ms) => {
      requests += 1
      slowest = Math.max(slowest, ms)
      const operation = contract.find(method, path)
      count(
        operation === undefined
          ? 'no such path'
          : operation === 'wrong_method'
            ? 'another method'
            : operation.name,
        status,
      )
    },
    get requests() {
      return requests
    },
    unseen: () =>
      contract.operations.flatMap(({ name, good, errors }) =>
        [...good, ...errors]
          .filter((status) => !seen.get(name)?.has(status))
          .map((status) => `${name} ${status}`),
      ),
    print: () => {
      for (const [name, row] of [...seen].sort(([one], [other]) => one.localeCompare(other))) {
        const statuses = [...row]
          .sort(([one], [other]) => one - other)
          .map(([status, times]) => `${status}×${times}`)
        console.log(`${name.padEnd(48)} ${statuses.join('  ')}`)
      }
      console.log(`${requests} requests, the slowest ${Math.round(slowest)} ms`)
    },
  }
}
