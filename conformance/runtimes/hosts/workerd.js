// @ts-check
/** Starts workerd on a configuration of one worker, on a port that it chooses. */
import { spawn } from 'node:child_process'
import { writeFileSync } from 'node:fs'
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
    stdio: ['ignore', 'inherit', 'inherit', 'pipe'],
  })
  try {
    const port = await portOf(child)
    const response = await fetch(`http://127.0.0.1:${port}/`)
    if (!response.ok) throw new Error(`workerd answered ${response.status}: ${await response.text()}`)
    return await response.json()
  } finally {
    child.kill('SIGKILL')
  }
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
