// @ts-check
/**
 * Loaded into the process of a real server before its own code (`node --import`): stops it dead where a test says, and sets
 * its wall clock. The server itself knows nothing of this; it is told over the IPC channel of whoever started it.
 */
import { Server, ServerResponse } from 'node:http'
import Libsql from 'libsql'
import Beside from 'libsql/promise'
import pg from 'pg'

/** @type {{ point: string, left: number } | undefined} */
let armed
let clockStepMs = 0

process.on('message', (/** @type {{ arm?: typeof armed, stepClockMs?: number }} */ message) => {
  if (message.arm !== undefined) armed = message.arm
  if (message.stepClockMs !== undefined) clockStepMs += message.stepClockMs
  process.send?.('done')
})
process.channel?.unref()

const systemNow = Date.now
Date.now = () => systemNow() + clockStepMs

/** Whether the process is to die at this point, now. @param {string} point */
function isDue(point) {
  if (armed?.point !== point) return false
  armed.left -= 1
  return armed.left <= 0
}

/** @param {string} point */
function reach(point) {
  if (isDue(point)) die()
}

function die() {
  process.kill(process.pid, 'SIGKILL')
}

/** What a statement is to a refresh. @param {any} query its text, or an object that has it */
function kindOf(query) {
  const statement = String(query?.text ?? query)
  if (query?.name === 'tessera_read_sessions') return 'begin'
  if (query?.name === 'tessera_write_sessions') return 'write and commit'
  if (/^begin/i.test(statement)) return 'begin'
  if (/^update "?sessions/i.test(statement)) return 'write'
  if (/^commit/i.test(statement)) return 'commit'
  return undefined
}

/** Points of one connection: a COMMIT counts when its transaction wrote a session. A compare-and-set is all of it at once. */
function createPoints() {
  let hasWritten = false
  const isOf = (/** @type {string | undefined} */ kind) =>
    kind === 'begin' || kind === 'write' || hasWritten ? kind : undefined
  return {
    /** @param {string | undefined} kind */
    before: (kind) => {
      if (kind === 'write and commit') return ['before write', 'before commit'].forEach(reach)
      if (isOf(kind) !== undefined) reach(`before ${kind}`)
    },
    /** @param {string | undefined} kind */
    sent: (kind) => {
      if (kind === 'write and commit' || (kind === 'commit' && hasWritten)) reach('commit sent')
    },
    /** @param {string | undefined} kind */
    after: (kind) => {
      if (kind === 'write and commit') return ['after write', 'after commit'].forEach(reach)
      if (isOf(kind) !== undefined) reach(`after ${kind}`)
      if (kind === 'write') hasWritten = true
      if (kind === 'commit') hasWritten = false
    },
  }
}

/**
 * Puts something around a method.
 * @param {any} prototype
 * @param {string} name
 * @param {(self: any, args: any[], original: (...args: any[]) => any) => unknown} around
 */
function wrap(prototype, name, around) {
  const original = prototype[name]
  /** @this {any} @param {any[]} args */
  prototype[name] = function (...args) {
    return around(this, args, (...given) => Reflect.apply(original, this, given))
  }
}

const sqlitePoints = createPoints()
wrap(Libsql.prototype, 'prepare', (_database, [sql], original) => {
  const statement = original(sql)
  const run = statement.run.bind(statement)
  const kind = kindOf(sql)
  statement.run = (/** @type {any[]} */ ...values) => {
    sqlitePoints.before(kind)
    const result = run(...values)
    sqlitePoints.after(kind)
    return result
  }
  return statement
})

wrap(Libsql.prototype, 'exec', (_database, [sql], original) => {
  const kind = kindOf(sql)
  sqlitePoints.before(kind)
  const result = original(sql)
  sqlitePoints.after(kind)
  return result
})

// COMMIT runs beside the event loop.
wrap(Beside.prototype, 'exec', async (_database, [sql], original) => {
  const kind = kindOf(sql)
  sqlitePoints.before(kind)
  const result = await original(sql)
  sqlitePoints.after(kind)
  return result
})

/** @type {WeakMap<object, ReturnType<typeof createPoints>>} */
const clientPoints = new WeakMap()
wrap(pg.Client.prototype, 'query', (client, args, original) => {
  const points = clientPoints.get(client) ?? createPoints()
  clientPoints.set(client, points)
  const kind = kindOf(args[0])
  points.before(kind)
  const result = original(...args)
  points.sent(kind)
  if (!(result instanceof Promise)) return result
  return result.then((value) => (points.after(kind), value))
})

wrap(Server.prototype, 'emit', (_server, args, original) => {
  if (args[0] === 'request' && args[1].url === '/token') args[1].once('end', () => reach('received'))
  return original(...args)
})

wrap(ServerResponse.prototype, 'end', (response, args, original) => {
  if (response.req.url !== '/token') return original(...args)
  reach('before reply')
  const [text] = args
  if (isDue('half a reply')) return response.write(text.slice(0, text.length / 2), die)
  response.once('finish', () => reach('after reply'))
  return original(...args)
})
