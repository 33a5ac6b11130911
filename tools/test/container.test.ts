/** What can be said of the Dockerfile without Docker: what it names is there, and what docs/container.md promises is in it. */
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { root } from '../setup.js'

const dockerfile = readFileSync(join(root, 'Dockerfile'), 'utf8')
const ignored = readFileSync(join(root, '.dockerignore'), 'utf8').split('\n')
const running = dockerfile.slice(dockerfile.lastIndexOf('\nFROM '))

test('copies and runs what this checkout has', () => {
  for (const path of ['package.json', 'packages/cli/bin/tessera.js', 'tools/setup.js', 'apps/console']) {
    expect(existsSync(join(root, path))).toBe(true)
    expect(dockerfile).toContain(path)
  }
  for (const folder of ['packages', 'apps', 'tools']) expect(ignored).not.toContain(folder)
})

test('is built from nothing that was made on this machine, secrets least of all', () => {
  for (const name of ['**/node_modules', '**/dist', '.git', '.tessera']) expect(ignored).toContain(name)
})

test('runs as nobody in particular, in production, and is asked whether it can do its work', () => {
  expect(running).toMatch(/^USER node$/m)
  expect(running).toMatch(/NODE_ENV=production/)
  expect(running).toMatch(/^HEALTHCHECK[^]*\/readyz/m)
  expect(running).toMatch(/^VOLUME \/data$/m)
  expect(running).not.toMatch(/TESSERA_(JWT_)?SECRETS?=/)
})

test('its process gets signals itself', () => {
  expect(running).toMatch(/^ENTRYPOINT \["node", /m)
  expect(running).toMatch(/^CMD \["serve"\]$/m)
})
