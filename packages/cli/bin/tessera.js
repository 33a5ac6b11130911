#!/usr/bin/env node
// A committed file, because npm makes no link to a file that does not exist yet at install time.
import { existsSync } from 'node:fs'

const main = new URL('../dist/main.js', import.meta.url)
if (existsSync(main)) {
  const { run } = await import(main.href)
  process.exitCode = await run(process.argv.slice(2))
} else {
  console.error('tessera: not built yet: run npm start or npm run build in the checkout first')
  process.exitCode = 2
}
