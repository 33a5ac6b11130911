// @ts-check
/**
 * Asks a server every 25 ms whether it is well, in a process of its own: `node health-probe.js URL`; and, beside it, a server
 * that does nothing else, so that what a busy machine adds is known. Told to stop, it tells of each answer when it was asked for
 * and how long it took, in milliseconds; one that was not 200 counts as a minute.
 */
import { once } from 'node:events'
import { Agent, createServer, get } from 'node:http'
import { isMainThread, parentPort, Worker } from 'node:worker_threads'

const agent = new Agent({ keepAlive: true })
let isOver = false

/** @param {string} url @returns {Promise<number>} */
function ask(url) {
  const beganMs = performance.now()
  return new Promise((resolve) => {
    const request = get(`${url}/healthz`, { agent }, (response) => {
      response.resume()
      response.once('end', () => resolve(response.statusCode === 200 ? performance.now() - beganMs : 60_000))
    })
    request.once('error', () => resolve(60_000))
  })
}

/** @param {string} url @param {[number, number][]} took */
async function watch(url, took) {
  while (!isOver) {
    const askedMs = performance.now()
    took.push([askedMs, await ask(url)])
    await new Promise((go) => setTimeout(go, 25))
  }
}

async function main() {
  const idle = new Worker(new URL(import.meta.url))
  const [port] = await once(idle, 'message')
  const urls = [process.argv[2] ?? '', `http://127.0.0.1:${port}`]
  /** @type {[number, number][][]} */
  const took = [[], []]
  for (const url of urls) await ask(url)
  process.send?.('ready')
  process.once('message', () => (isOver = true))
  await Promise.all(urls.map((url, index) => watch(url, took[index] ?? [])))
  process.send?.(took)
  process.disconnect()
  agent.destroy()
  await idle.terminate()
}

if (isMainThread) await main()
else {
  const server = createServer((_request, response) => response.end('{}')).listen(0, '127.0.0.1', () => {
    const address = server.address()
    parentPort?.postMessage(typeof address === 'object' ? address?.port : undefined)
  })
}
