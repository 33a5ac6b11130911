/** Worker processes that answer orders one after the other; one that does not answer in time is ended and replaced. */
import { fork } from 'node:child_process'
import { fileURLToPath } from 'node:url'

const path = fileURLToPath(new URL('worker.js', import.meta.url))

/** Orders after which a worker is replaced, so that what mutants leave behind does not pile up. */
const ordersPerWorker = 400

/** @param {[string, string][]} scripts  the test files and their scripts */
export function createWorker(scripts) {
  /** @type {any} */
  let child
  let orders = 0

  const start = async () => {
    child = fork(path, { stdio: ['ignore', 'ignore', 'inherit', 'ipc'], execArgv: ['--no-warnings'] })
    orders = 0
    await ask(child, { kind: 'scripts', scripts }, 60_000)
  }

  return {
    /** The answer, or undefined when there was none in time. @param {object} order @param {number} timeoutMs */
    async send(order, timeoutMs) {
      if (child === undefined || child.exitCode !== null || orders >= ordersPerWorker) {
        child?.kill('SIGKILL')
        await start()
      }
      orders += 1
      const answer = await ask(child, order, timeoutMs)
      if (answer === undefined) {
        child?.kill('SIGKILL')
        child = undefined
      }
      return answer
    },
    stop() {
      child?.kill('SIGKILL')
    },
  }
}

/** @param {any} child @param {object} order @param {number} timeoutMs @returns {Promise<any>} */
function ask(child, order, timeoutMs) {
  return new Promise((resolve) => {
    const finish = (/** @type {unknown} */ answer) => {
      clearTimeout(timer)
      child.off('message', finish)
      child.off('exit', onExit)
      resolve(answer)
    }
    const onExit = () => finish(undefined)
    const timer = setTimeout(() => finish(undefined), timeoutMs)
    child.on('message', finish)
    child.on('exit', onExit)
    child.send(order)
  })
}
