#!/usr/bin/env node
// A committed file, because npm makes no link to a file that does not exist yet at install time.
import { run } from '../dist/main.js'

process.exitCode = await run(process.argv.slice(2))
