// @ts-check
/** Serves the page that runs the suite, and waits for what it reports. */
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { join } from 'node:path'

const page =
  '<!doctype html><meta charset="utf-8"><title>suite</title><body><script type="module" src="/page.js"></script>'

// Shared memory, which tests use, is there only for pages that are isolated from other origins.
const headers = {
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-embedder-policy': 'require-corp',
  'cache-control': 'no-store',
}

/**
 * @param {string} folder  where `suite.browser.js` lies
 * @returns {Promise<{ url: string, report: Promise<any>, place(): string, close(): void }>}  `place` is the test file that
 *   runs
 */
export async function servePage(folder) {
  /** @type {(report: any) => void} */
  let settle = () => undefined
  const report = new Promise((resolve) => (settle = resolve))
  let place = 'none'
  const host = new URL('.', import.meta.url)
  /** @type {Record<string, () => [string, string | Uint8Array]>} */
  const files = {
    '/': () => ['text/html', page],
    '/page.js': () => ['text/javascript', readFileSync(new URL('page.js', host))],
    '/suite.browser.js': () => ['text/javascript', readFileSync(join(folder, 'suite.browser.js'))],
    '/suite.browser.js.map': () => ['application/json', readFileSync(join(folder, 'suite.browser.js.map'))],
  }
  const server = createServer((request, response) => {
    if (request.method === 'POST') {
      let body = ''
      request.setEncoding('utf8').on('data', (text) => (body += text))
      request.on('end', () => {
        if (request.url === '/begins') place = body
        else settle(JSON.parse(body))
        response.writeHead(204, headers).end()
      })
      return
    }
    const found = files[request.url ?? '']?.()
    if (found === undefined) response.writeHead(404, headers).end()
    else response.writeHead(200, { ...headers, 'content-type': found[0] }).end(found[1])
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = /** @type {any} */ (server.address())
  const close = () => {
    server.close()
    server.closeAllConnections()
  }
  return { url: `http://127.0.0.1:${port}/`, report, place: () => place, close }
}
