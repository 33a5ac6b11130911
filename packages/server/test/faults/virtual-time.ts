/** Time that passes only when everybody waits for it. Whoever is due in one slot acts in one turn, as in a busy server. */

export interface VirtualTime {
  nowMs(): number
  /** Waits until a time. Only a task that `begin` began may call it. */
  until(ms: number): Promise<void>
  begin(task: () => Promise<void>): void
  /** Lets time pass until an end. */
  run(endMs: number): Promise<void>
}

const slotMs = 10_000

export function createVirtualTime(startMs: number): VirtualTime {
  let nowMs = startMs
  let running = 0
  const slots = new Map<number, (() => void)[]>()
  const wait = (slot: number): Promise<void> =>
    new Promise((resolve) => {
      const waiting = slots.get(slot)
      if (waiting === undefined) slots.set(slot, [resolve])
      else waiting.push(resolve)
    })
  const slotOf = (ms: number): number => Math.ceil((ms - startMs) / slotMs)
  return {
    nowMs: () => nowMs,
    until: async (ms) => {
      running -= 1
      await wait(Math.max(slotOf(nowMs) + 1, slotOf(ms)))
    },
    begin: (task) => {
      void wait(slotOf(nowMs) + 1)
        .then(task)
        .finally(() => (running -= 1))
    },
    run: async (endMs) => {
      for (let slot = 0; slot <= slotOf(endMs); slot += 1) {
        const due = slots.get(slot)
        if (due === undefined) continue
        slots.delete(slot)
        nowMs = startMs + slot * slotMs
        running += due.length
        for (const resume of due) resume()
        while (running > 0) await new Promise((go) => setImmediate(go))
      }
    },
  }
}
