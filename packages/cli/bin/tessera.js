#!/usr/bin/env node
// A committed file, because npm makes no link to a file that does not exist yet at install time.
require('./thread-pool.js')
const { existsSync } = require('node:fs')
const { join } = require('node:path')
const { pathToFileURL } = require('node:url')

const main = join(__dirname, '../dist/main.js')
if (existsSync(main)) {
  void import(pathToFileURL(main).href)
    .then(({ run }) => run(process.argv.slice(2)))
    .then((exitCode) => void (process.exitCode = exitCode))
} else {
  console.error('tessera: not built yet: run npm start or npm run build in the checkout first')
  process.exitCode = 2
}
