// @ts-check
/** A client of raw sockets: it must cost less than the servers that it asks. One request at a time on each connection. */
import { once } from 'node:events'
import { connect } from 'node:net'

/** @typedef {{ path: string, method?: string, headers?: Record<string, string>, body?: string }} Request */
/** @typedef {{ status: number, head: string, body: string }} Answer */
/** @typedef {(request: Request) => Promise<Answer>} Call */
/** @typedef {{ username: string, password: string }} User */
/** @typedef {{ refresh_token?: string, access_token?: string, cookie?: string }} Session */
/**
 * How one server is asked for each operation; an operation that it does not have is left out.
 * @typedef {object} Client
 * @property {(call: Call, user: User) => Promise<void>} [signUp]
 * @property {(call: Call, user: User) => Promise<Session>} login
 * @property {(call: Call, session: Session) => Promise<Session>} [refresh]
 * @property {(call: Call, session: Session) => Promise<void>} [check]
 * @property {(call: Call, session: Session) => Promise<void>} [checkUncached]
 * @property {(call: Call, session: Session) => Promise<void>} [revoke]
 * @property {(call: Call) => Promise<void>} [jwks]
 * @property {(call: Call) => Promise<void>} [health]
 */

/** @param {string} path @param {object} value @param {Record<string, string>} [headers] @returns {Request} */
export const jsonRequest = (path, value, headers) => ({
  path,
  method: 'POST',
  headers: { 'content-type': 'application/json', ...headers },
  body: JSON.stringify(value),
})

/** @param {string} path @param {Record<string, string | undefined>} form @returns {Request} */
export const formRequest = (path, form) => ({
  path,
  method: 'POST',
  headers: { 'content-type': 'application/x-www-form-urlencoded' },
  body: new URLSearchParams(/** @type {Record<string, string>} */ (form)).toString(),
})

/** @param {Answer} answer @param {number} status */
export function requireStatus(answer, status) {
  if (answer.status === status) return answer
  throw new Error(`expected ${status}, got ${answer.status} ${answer.body.slice(0, 200)}`)
}

/** @param {Answer} answer */
export const json = ({ body }) => JSON.parse(body)

/** A connection that is opened when it is needed, and again when the server closed it meanwhile. @param {number} port */
export function makeConnection(port) {
  /** @type {import('node:net').Socket | undefined} */
  let socket
  return {
    /** @type {Call} */
    call: async (request) => {
      const text = requestText(request)
      if (socket === undefined || socket.destroyed || socket.readableEnded) socket = await openSocket(port)
      try {
        return await exchange(socket, text)
      } catch (error) {
        // The server gave up an idle connection while the request was under way.
        if (error !== unanswered) throw error
        socket = await openSocket(port)
        return exchange(socket, text)
      }
    },
    close: () => void socket?.destroy(),
  }
}

/** @param {number} port */
async function openSocket(port) {
  const socket = connect({ port, host: '127.0.0.1', noDelay: true })
  await once(socket, 'connect')
  // Whoever waits for an answer is told by `exchange`.
  return socket.setEncoding('latin1').on('error', () => undefined)
}

const unanswered = new Error('expected an answer, got the end of the connection')

/** @param {import('node:net').Socket} socket @param {string} text @returns {Promise<Answer>} */
function exchange(socket, text) {
  return new Promise((resolve, reject) => {
    let received = ''
    const onEnd = () => reject(unanswered)
    const onData = (/** @type {string} */ chunk) => {
      received += chunk
      const answer = readAnswer(received)
      if (answer === undefined) return
      socket.off('data', onData).off('close', onEnd)
      resolve(answer)
    }
    socket.on('data', onData).on('close', onEnd)
    socket.write(text)
  })
}

/** @param {Request} request */
function requestText({ path, method = 'GET', headers = {}, body = '' }) {
  const lines = Object.entries({ host: '127.0.0.1', ...headers }).map(
    ([name, value]) => `${name}: ${value}\r\n`,
  )
  const length = method === 'GET' ? '' : `content-length: ${Buffer.byteLength(body)}\r\n`
  return `${method} ${path} HTTP/1.1\r\n${lines.join('')}${length}\r\n${body}`
}

/** The answer, once it is all there. @param {string} text @returns {Answer | undefined} */
function readAnswer(text) {
  const end = text.indexOf('\r\n\r\n')
  if (end < 0) return undefined
  const head = text.slice(0, end)
  const status = Number(head.slice(9, 12))
  const rest = text.slice(end + 4)
  if (status === 204 || status === 304) return { status, head, body: '' }
  const length = /\r\ncontent-length: (\d+)/i.exec(head)?.[1]
  if (length !== undefined) return rest.length >= Number(length) ? { status, head, body: rest } : undefined
  if (!rest.endsWith('0\r\n\r\n')) return undefined
  return { status, head, body: rest.replace(/[\da-f]+\r\n([^]*?)\r\n/gi, '$1').replace(/\r\n$/, '') }
}
