import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { connect } from 'node:net'
import { expect, onTestFinished, test } from 'vitest'
import { answerClientError } from '../../src/stand-alone/client-error.ts'

/** What a client receives that sends a text, or nothing, and waits until the server gives it up. */
async function receive(text: string): Promise<string> {
  const server = createServer({ headersTimeout: 50, connectionsCheckingInterval: 20 })
  server.on('clientError', answerClientError)
  server.listen(0, '127.0.0.1')
  onTestFinished(() => void server.close())
  await once(server, 'listening')
  const socket = connect((server.address() as AddressInfo).port, '127.0.0.1', () => socket.write(text))
  let received = ''
  socket.setEncoding('utf8').on('data', (part) => (received += String(part)))
  await once(socket, 'close')
  return received
}

test('a connection that was opened ahead and never used is closed without an answer', async () => {
  expect(await receive('')).toBe('')
})

test('a request that stays half sent is told so: 408', async () => {
  const received = await receive('GET /me HTTP/1.1\r\nHost: 127.0.0.1\r\n')
  expect(received).toMatch(/^HTTP\/1\.1 408 /)
  expect(received).toContain('"code":"request_invalid"')
})
