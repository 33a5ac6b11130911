// @ts-check
/**
 * Runs the suite on Node, Deno and Bun:
 *
 *     node hosts/command-line.js SUITE REPORT [web]     `web` takes Node's own modules away from the library
 */
const { process, Bun, Deno } = /** @type {any} */ (globalThis)
const builtin = process.getBuiltinModule.bind(process)
const tesseraHost = { builtin, isNode: Bun === undefined && Deno === undefined }
Object.assign(globalThis, { tesseraHost })
const [suite, report, mode] = process.argv.slice(2)
if (mode === 'web') process.getBuiltinModule = () => undefined

const { run } = await import(suite)
builtin('node:fs').writeFileSync(report, JSON.stringify(await run()))
// Whatever a test left open ends with it.
process.exit(0)
