import { once } from 'node:events'
import { createServer, request } from 'node:http'
import type { IncomingMessage } from 'node:http'
import { connect } from 'node:net'
import type { AddressInfo } from 'node:net'
import { describe, expect, onTestFinished, test } from 'vitest'
import type { FinishedAnswer } from '../../src/http/finish.ts'
import { sendAnswer } from '../../src/stand-alone/send-answer.ts'

/** A client's view of an answer. */
async function ask(answer: Partial<FinishedAnswer>, method = 'GET'): Promise<IncomingMessage> {
  const server = createServer((message, response) =>
    sendAnswer(message, response, { status: 200, headers: [], body: null, ...answer }),
  )
  onTestFinished(() => server.close().closeAllConnections())
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const asking = request({ port: (server.address() as AddressInfo).port, method }).end()
  const [response] = (await once(asking, 'response')) as [IncomingMessage]
  return response.setEncoding('utf8')
}

async function textOf(response: AsyncIterable<unknown>): Promise<string> {
  let text = ''
  for await (const part of response) text += String(part)
  return text
}

describe('a text', () => {
  test.each([
    ['ascii', '{"a":1}'],
    ['Korean', '{"이름":"에이다"}'],
    ['Latin-1', 'é'],
  ])('of %s letters arrives as it is, with its length in octets', async (_kind, body) => {
    const response = await ask({ body, headers: ['content-type', 'application/json'] })
    expect(response.headers['content-length']).toBe(String(Buffer.byteLength(body)))
    expect(response.headers['content-type']).toBe('application/json')
    expect(await textOf(response)).toBe(body)
  })

  test('is left out of the answer to HEAD, which tells its length', async () => {
    const response = await ask({ body: 'text' }, 'HEAD')
    expect([response.headers['content-length'], await textOf(response)]).toEqual(['4', ''])
  })

  test('of many megabytes arrives whole', async () => {
    const body = 'a'.repeat(8 * 1024 * 1024)
    expect((await textOf(await ask({ body }))).length).toBe(body.length)
  })

  test('keeps its place among answers to requests that came together', async () => {
    const later: (() => void)[] = []
    const server = createServer((message, response) => {
      const answer = () =>
        sendAnswer(message, response, { status: 200, headers: [], body: message.url ?? '' })
      if (message.url === '/1') later.push(answer)
      else answer()
    })
    onTestFinished(() => server.close().closeAllConnections())
    server.listen(0, '127.0.0.1')
    await once(server, 'listening')
    const socket = connect((server.address() as AddressInfo).port, '127.0.0.1').setEncoding('latin1')
    const last = 'Connection: close\r\n\r\n'
    socket.write(`GET /1 HTTP/1.1\r\nHost: a\r\n\r\nGET /2 HTTP/1.1\r\nHost: a\r\n${last}`)
    await once(server, 'request')
    setImmediate(() => later.forEach((answer) => answer()))
    const bodies = (await textOf(socket)).match(/\/\d(?=HTTP|$)/g)
    expect(bodies).toEqual(['/1', '/2'])
  })

  test.each([204, 304])('%d has none, and no length', async (status) => {
    const response = await ask({ status })
    expect([response.statusCode, response.headers['content-length']]).toEqual([status, undefined])
  })
})

describe('a stream', () => {
  const streamOf = (cancel: () => void) =>
    new ReadableStream<Uint8Array<ArrayBuffer>>({
      start: (controller) => controller.enqueue(new TextEncoder().encode('one')),
      cancel,
    })

  test('is sent as it comes, and cancelled when the client goes away', async () => {
    let cancelled = (): void => undefined
    const gone = new Promise<void>((resolve) => (cancelled = resolve))
    const response = await ask({ body: streamOf(cancelled) })
    expect(String((await once(response, 'data'))[0])).toBe('one')
    response.destroy()
    await gone
  })

  test('that fails breaks the answer off', async () => {
    const body = new ReadableStream<Uint8Array<ArrayBuffer>>({
      pull: (controller) => controller.error(new Error('the store is gone')),
    })
    await expect(ask({ body }).then(textOf)).rejects.toThrow(/aborted|socket hang up/)
  })
})
