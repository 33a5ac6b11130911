/** Events of a body that may say nothing for ever. */
import { expect, test } from 'vitest'
import { readEvents } from '../../src/feed/event-stream.ts'

test('a body that brings nothing more ends when the signal is aborted, whatever its source knows of the signal', async () => {
  const stopping = new AbortController()
  let isCancelled = false
  const body = new ReadableStream<Uint8Array>({
    start: (controller) => controller.enqueue(new TextEncoder().encode('data: one\n\n')),
    cancel: () => void (isCancelled = true),
  })
  const seen: string[] = []
  for await (const data of readEvents(body, stopping.signal)) {
    seen.push(data)
    setTimeout(() => stopping.abort(), 5)
  }
  expect(seen).toEqual(['one'])
  expect(isCancelled).toBe(true)
})
