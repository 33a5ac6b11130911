// @ts-check
/**
 * Asks a server every 25 ms whether it is well, in a process of its own: `node health-probe.js URL PID`. Told to stop, it tells of
 * each answer how long it took, and for how long of that the server's event loop or this one had work and no core, in
 * milliseconds; an answer that was not 200 counts as a minute.
 */
import { readFileSync } from 'node:fs'
import { Agent, get } from 'node:http'

const [, , url = '', serverPid = ''] = process.argv
const agent = new Agent({ keepAlive: true })
let isOver = false

/** @returns {Promise<number>} */
function ask() {
  const beganMs = performance.now()
  return new Promise((resolve) => {
    const request = get(`${url}/healthz`, { agent }, (response) => {
      response.resume()
      response.once('end', () => resolve(response.statusCode === 200 ? performance.now() - beganMs : 60_000))
    })
    request.once('error', () => resolve(60_000))
  })
}

/** How long the main thread of a process has waited for a core so far, in milliseconds; 0 where Linux does not tell. @param {string | number} pid */
function starvedMs(pid) {
  try {
    return Number(readFileSync(`/proc/${pid}/task/${pid}/schedstat`, 'utf8').split(' ')[1]) / 1e6
  } catch {
    return 0
  }
}

await ask()
process.send?.('ready')
process.once('message', () => (isOver = true))
/** @type {[number, number][]} */
const samples = []
while (!isOver) {
  const before = starvedMs(serverPid) + starvedMs(process.pid)
  const tookMs = await ask()
  samples.push([tookMs, starvedMs(serverPid) + starvedMs(process.pid) - before])
  await new Promise((go) => setTimeout(go, 25))
}
process.send?.(samples)
process.disconnect()
agent.destroy()
