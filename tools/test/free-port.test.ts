import { once } from 'node:events'
import { createServer } from 'node:net'
import { expect, onTestFinished, test } from 'vitest'
import { freePort } from '../free-port.js'

test('gives a port that no system deals out by itself', async () => {
  const ports = await Promise.all(Array.from({ length: 20 }, () => freePort()))
  expect(ports.filter((port) => port < 20_000 || port >= 32_000)).toEqual([])
})

test('passes over one on which somebody listens', async () => {
  const taken = await freePort()
  const server = createServer().listen(taken, '127.0.0.1')
  onTestFinished(() => void server.close())
  await once(server, 'listening')
  const places = [(taken - 20_000 + 0.5) / 12_000]
  const port = await freePort(() => places.pop() ?? Math.random())
  expect(port).not.toBe(taken)
  expect(places).toEqual([])
})

test('says so when every one is taken', async () => {
  const taken = await freePort()
  const server = createServer().listen(taken, '127.0.0.1')
  onTestFinished(() => void server.close())
  await once(server, 'listening')
  await expect(freePort(() => (taken - 20_000 + 0.5) / 12_000)).rejects.toThrow('fifty that are taken')
})
