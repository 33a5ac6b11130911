// @ts-check
/** 500 logins at once: what becomes of everybody else meanwhile, and of the memory. */
import { makeConnection } from './client.js'
import { withSessions } from './operations.js'

/** @typedef {import('./contestants.js').Contestant} Contestant */
/** @typedef {import('../measure.js').Table} Table */

const loginCount = 500

/** @param {readonly Contestant[]} contestants @returns {Promise<Table[]>} */
export async function measureFloods(contestants) {
  /** @type {Table} */
  const waits = {
    title: 'server: 500 logins at once, p99',
    reference: 'tessera, health',
    unit: 'ms',
    rows: [],
  }
  /** @type {Table} */
  const memory = { title: 'server: 500 logins at once, memory', reference: 'tessera', unit: 'MB', rows: [] }
  /** @type {Table} */
  const outcome = {
    title: 'server: 500 logins at once, let in',
    reference: 'tessera',
    unit: 'logins',
    rows: [],
  }
  for (const contestant of contestants) {
    const { waited, letIn, peakBytes } = await flood(contestant)
    for (const [what, ms] of Object.entries(waited))
      waits.rows.push({ name: `${contestant.name}, ${what}`, samples: [percentile(ms, 0.99)] })
    memory.rows.push({ name: contestant.name, samples: [peakBytes / 1e6] })
    outcome.rows.push({ name: contestant.name, samples: [letIn] })
  }
  return [waits, memory, outcome]
}

/** @param {Contestant} contestant */
async function flood(contestant) {
  const { client, port, users, sessions, apiPort, usage } = await withSessions(contestant)
  const connections = Array.from({ length: loginCount }, () => makeConnection(port))
  const probe = { own: makeConnection(port), api: makeConnection(apiPort), third: makeConnection(port) }
  let running = true
  let session = sessions[0] ?? {}
  const watches = {
    health: timesOf(
      () => client.health?.(probe.own.call),
      () => running,
    ),
    guarded: timesOf(
      () => client.check?.(probe.api.call, sessions[1] ?? {}),
      () => running,
    ),
    refresh: timesOf(
      async () => (session = (await client.refresh?.(probe.third.call, session)) ?? session),
      () => running,
    ),
  }
  let peakBytes = 0
  const memory = timesOf(
    async () => (peakBytes = Math.max(peakBytes, (await usage()).rssBytes)),
    () => running,
  )
  const logins = await Promise.allSettled(
    connections.map(({ call }, index) =>
      client.login(call, /** @type {any} */ (users[index % users.length])),
    ),
  )
  running = false
  const waited = {
    health: await watches.health,
    guarded: await watches.guarded,
    refresh: await watches.refresh,
  }
  await memory
  for (const connection of [...connections, ...Object.values(probe)]) connection.close()
  return { waited, letIn: logins.filter(({ status }) => status === 'fulfilled').length, peakBytes }
}

/** Milliseconds of each of many acts, every ten milliseconds one. @param {() => unknown} act @param {() => boolean} goesOn */
async function timesOf(act, goesOn) {
  const times = []
  while (goesOn()) {
    const start = performance.now()
    await act()
    times.push(performance.now() - start)
    await new Promise((resolve) => setTimeout(resolve, 10))
  }
  return times
}

/** @param {number[]} values @param {number} share */
const percentile = (values, share) =>
  values.toSorted((a, b) => a - b)[Math.min(values.length - 1, Math.floor(values.length * share))] ?? 0
