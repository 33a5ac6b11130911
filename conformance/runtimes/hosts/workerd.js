// @ts-check
/** Starts workerd on a configuration of one worker, on a port that it chooses. */
import { spawn } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { get } from 'node:http'
import { join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'

/** ML-DSA has a flag of its own as long as it is new. */
const configuration = (/** @type {string} */ hosts) => `using Workerd = import "/workerd/workerd.capnp";

const config :Workerd.Config = (
  services = [(
    name = "main",
    worker = (
      modules = [
        (name = "worker.js", esModule = embed "${hosts}/worker.js"),
        (name = "suite.js", esModule = embed "suite.js"),
      ],
      compatibilityDate = "2026-10-01",
      compatibilityFlags = ["webcrypto_modern_algorithms"],
    ),
  )],
  sockets = [(name = "http", address = "127.0.0.1:0", http = (), service = "main")],
);
`

/**
 * Runs the suite of a folder.
 *
 * @param {string} workerd  the program
 * @param {string} folder   where `suite.js` lies
 * @returns {Promise<any>} the report
 */
export async function runInWorkerd(workerd, folder) {
  const config = join(folder, 'workerd.capnp')
  writeFileSync(
    config,
    configuration(relative(folder, fileURLToPath(new URL('.', import.meta.url)).slice(0, -1))),
  )
  const child = spawn(workerd, ['serve', config, '--control-fd=3'], {
    // What it logs of connections that tests see refused is nobody's business.
    stdio: ['ignore', 'ignore', 'ignore', 'pipe'],
  })
  try {
    const port = await portOf(child)
    const { status, body } = await ask(port)
    if (status !== 200) throw new Error(`workerd answered ${status}: ${body}`)
    return JSON.parse(body)
  } finally {
    child.kill('SIGKILL')
  }
}

/** Not by `fetch`, which waits for five minutes at most. @param {number} port @returns {Promise<{ status: number | undefined, body: string }>} */
function ask(port) {
  return new Promise((resolve, reject) => {
    const request = get({ host: '127.0.0.1', port }, (response) => {
      let body = ''
      response.setEncoding('utf8').on('data', (text) => (body += text))
      response.on('end', () => resolve({ status: response.statusCode, body }))
    })
    request.on('error', reject)
  })
}

/** @param {import('node:child_process').ChildProcess} child @returns {Promise<number>} */
function portOf(child) {
  return new Promise((resolve, reject) => {
    let text = ''
    child.on('error', reject)
    child.on('exit', (code) => reject(new Error(`workerd ended with code ${code} before it listened`)))
    child.stdio[3]?.on('data', (chunk) => {
      text += chunk
      const port = /"port":(\d+)/.exec(text)?.[1]
      if (port !== undefined) resolve(Number(port))
    })
  })
}
