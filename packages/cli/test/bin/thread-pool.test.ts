import { execFile } from 'node:child_process'
import { availableParallelism } from 'node:os'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'

const fileOf = (name: string) => fileURLToPath(new URL(`../../bin/${name}`, import.meta.url))
const cores = String(Math.max(2, availableParallelism()))

/** What the process of the command has in its environment as it ends, whether it is built or not. */
function poolSizeOf(args: readonly string[], given: NodeJS.ProcessEnv = {}): Promise<string> {
  const atEnd = "process.on('exit', () => process.stderr.write(`pool ${process.env.UV_THREADPOOL_SIZE}`))"
  const { UV_THREADPOOL_SIZE: _, ...environment } = process.env
  const env = { ...environment, ...given }
  return new Promise((resolve) => {
    const all = ['--import', `data:text/javascript,${encodeURIComponent(atEnd)}`, ...args]
    execFile(process.execPath, all, { env }, (_error, _stdout, stderr) => {
      resolve(/pool (\w+)$/.exec(stderr)?.[1] ?? stderr)
    })
  })
}

test('the command asks for as many threads as there are cores, before anything starts them', async () => {
  expect(await poolSizeOf([fileOf('tessera.js'), '--version'])).toBe(cores)
})

test('so does whoever preloads the file, as npm start does', async () => {
  expect(await poolSizeOf(['--require', fileOf('thread-pool.js'), '--eval', ''])).toBe(cores)
})

test('the number that the operator gives stays', async () => {
  expect(await poolSizeOf([fileOf('tessera.js'), '--version'], { UV_THREADPOOL_SIZE: '7' })).toBe('7')
})
