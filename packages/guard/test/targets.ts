/** The adapters as ways to send a request and get an answer. */
import { createServer, request as httpRequest } from 'node:http'
import type { RequestListener } from 'node:http'
import { getRequestListener } from '@hono/node-server'
import express from 'express'
import fastify from 'fastify'
import { Hono } from 'hono'
import { guard as expressGuard } from '../src/express.ts'
import { guard as fastifyGuard } from '../src/fastify.ts'
import type { Auth } from '../src/guard.ts'
import { guard as honoGuard } from '../src/hono.ts'
import { guard as nodeGuard } from '../src/node.ts'
import type { GuardOptions } from '../src/options.ts'
import { guard as requestGuard } from '../src/request.ts'
import { closeServer, listen } from './issuer.ts'

export interface Question {
  readonly path: string
  readonly method?: string
  /** Each entry is a header of its own on the wire. */
  readonly authorization?: readonly string[]
  readonly form?: string
}

export interface Answer {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly body: unknown
}

export interface Target {
  ask(question: Question): Promise<Answer>
  close(): Promise<void>
}

/** Starts an application with one guarded route for every entry. Each route answers what the guard found. */
export type StartTarget = (guards: Readonly<Record<string, GuardOptions>>) => Promise<Target>

/** Above Node's 16 KiB, so that it is the guard that has to bound what it reads. */
const maxHeaderSize = 262_144

const found = (auth: Auth | undefined): object => ({ sub: auth?.claims.sub, scopes: auth?.scopes })

const startExpress: StartTarget = async (guards) => {
  const app = express()
  for (const [name, options] of Object.entries(guards)) {
    app.all(`/${name}`, expressGuard(options), (req, res) => {
      res.json(found(req.auth))
    })
  }
  const server = createServer({ maxHeaderSize }, app)
  return httpTarget(await listen(server), () => closeServer(server))
}

const startFastify: StartTarget = async (guards) => {
  const app = fastify({ http: { maxHeaderSize }, forceCloseConnections: true })
  // Whatever comes in a body, it is the guard that answers.
  app.addContentTypeParser('*', { parseAs: 'string' }, (_request, body, done) => {
    done(null, body)
  })
  for (const [name, options] of Object.entries(guards)) {
    const onRequest = fastifyGuard(options)
    app.all(`/${name}`, { onRequest }, async (request) => found(request.auth))
  }
  const url = await app.listen({ port: 0, host: '127.0.0.1' })
  return httpTarget(Number(new URL(url).port), () => app.close())
}

const startHono: StartTarget = async (guards) => {
  const app = new Hono()
  for (const [name, options] of Object.entries(guards)) {
    app.all(`/${name}`, honoGuard(options), (c) => c.json(found(c.get('auth'))))
  }
  const answer = getRequestListener(app.fetch)
  const server = createServer({ maxHeaderSize }, (incoming, outgoing) => void answer(incoming, outgoing))
  return httpTarget(await listen(server), () => closeServer(server))
}

const startNode: StartTarget = async (guards) => {
  const listeners = new Map<string | undefined, RequestListener>(
    Object.entries(guards).map(([name, options]) => [
      name,
      nodeGuard(options)((_request, response, auth) => {
        response.setHeader('content-type', 'application/json')
        response.end(JSON.stringify(found(auth)))
      }),
    ]),
  )
  const server = createServer({ maxHeaderSize }, (message, response) =>
    listeners.get(message.url?.slice(1).split('?')[0])?.(message, response),
  )
  return httpTarget(await listen(server), () => closeServer(server))
}

const startRequest: StartTarget = async (guards) => {
  const checks = new Map(Object.entries(guards).map(([name, options]) => [name, requestGuard(options)]))
  const ask = async ({ path, method = 'GET', authorization = [], form }: Question): Promise<Answer> => {
    const url = new URL(path, 'http://127.0.0.1')
    const headers = authorization.map((value): [string, string] => ['authorization', value])
    if (form !== undefined) headers.push(['content-type', 'application/x-www-form-urlencoded'])
    const check = checks.get(url.pathname.slice(1))
    if (check === undefined) throw new Error(`no guard at ${path}`)
    const { auth, response } = await check(
      new Request(url, { method, headers, ...(form !== undefined && { body: form }) }),
    )
    const answer = response ?? Response.json(found(auth))
    const text = await answer.text()
    return {
      status: answer.status,
      headers: Object.fromEntries(answer.headers),
      body: JSON.parse(text) as unknown,
    }
  }
  return { ask, close: async () => undefined }
}

/** Sends over a socket: `fetch` would join two headers of one name before they leave. */
function httpTarget(port: number, close: () => Promise<void>): Target {
  const ask = ({ path, method = 'GET', authorization = [], form }: Question): Promise<Answer> =>
    new Promise((resolve, reject) => {
      const headers = ['Host', `127.0.0.1:${port}`, 'Connection', 'close']
      for (const value of authorization) headers.push('Authorization', value)
      if (form !== undefined) {
        headers.push(
          'Content-Type',
          'application/x-www-form-urlencoded',
          'Content-Length',
          String(form.length),
        )
      }
      const sent = httpRequest({ host: '127.0.0.1', port, path, method, headers }, (response) => {
        const chunks: Buffer[] = []
        response.on('data', (chunk: Buffer) => chunks.push(chunk))
        response.on('error', reject)
        response.on('end', () => {
          const body = JSON.parse(Buffer.concat(chunks).toString()) as unknown
          resolve({
            status: response.statusCode ?? 0,
            headers: response.headers as Record<string, string>,
            body,
          })
        })
      })
      sent.on('error', reject)
      sent.end(form)
    })
  return { ask, close }
}

export const targets: Readonly<Record<string, StartTarget>> = {
  express: startExpress,
  fastify: startFastify,
  hono: startHono,
  node: startNode,
  request: startRequest,
}
