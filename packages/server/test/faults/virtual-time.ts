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
  let onIdle: (() => void) | undefined
  const rest = (): void => {
    running -= 1
    if (running === 0) onIdle?.()
  }
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
    until: (ms) => {
      const waited = wait(Math.max(slotOf(nowMs) + 1, slotOf(ms)))
      rest()
      return waited
    },
    begin: (task) => {
      void wait(slotOf(nowMs) + 1)
        .then(task)
        .finally(rest)
    },
    run: async (endMs) => {
      for (let slot = 0; slot <= slotOf(endMs); slot += 1) {
        const due = slots.get(slot)
        if (due === undefined) continue
        slots.delete(slot)
        nowMs = startMs + slot * slotMs
        running += due.length
        // A database of its own works meanwhile: nobody takes its core by asking whether it is done.
        const idle = new Promise<void>((resolve) => (onIdle = resolve))
        for (const resume of due) resume()
        await idle
      }
    },
  }
}
