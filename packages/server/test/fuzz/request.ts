/** A request as it goes over the wire, with names in the place of tokens, and how it is sent. */
import { METHODS, request as httpRequest } from 'node:http'
import type { TestServer } from '../create-test-server.ts'
import { issuer } from '../create-test-server.ts'
import type { World } from './world.ts'

export interface FuzzRequest {
  readonly method: string
  /** Path and query. */
  readonly target: string
  readonly headers: readonly (readonly [name: string, value: string])[]
  /** Text, which is sent as UTF-8; `bytes` in the place of it is sent as it is. */
  readonly body?: string | undefined
  readonly bytes?: Uint8Array | undefined
  readonly address: string
  /** Passes before it is sent. */
  readonly waitSeconds: number
}

/** What came back, and what was written to the log meanwhile. */
export interface Observed {
  readonly request: FuzzRequest
  readonly method: string
  readonly path: string
  readonly authorization: string
  readonly status: number
  readonly headers: Headers
  readonly body: string
  readonly lines: readonly Record<string, unknown>[]
  readonly isLocal: boolean
  /** Answered by the parser of HTTP. */
  readonly isUnparsed: boolean
  /** The secrets of this request, as far as they are long enough to be told from other text. */
  readonly sent: string
}

/** Where a request goes: into the server's own function, or over a connection. */
export interface Send {
  (request: Request, info: { remoteAddress: string }): Promise<Response>
  /** Whether every request comes from this machine, whatever address it names. */
  readonly isLocal: boolean
}

export async function sendRequest(world: World, request: FuzzRequest, send: Send): Promise<Observed> {
  const { server } = world
  world.wait(request.waitSeconds)
  const target = await world.resolve(request.target, encodeURIComponent)
  const headers: [string, string][] = []
  for (const [name, value] of request.headers) headers.push([name, await world.resolve(value)])
  const isForm = headers.some(([name, value]) => name === 'content-type' && value.includes('urlencoded'))
  const inside = isForm ? encodeURIComponent : inJson
  const text = request.body === undefined ? undefined : await world.resolve(request.body, inside)
  const built = build({ ...request, target, headers, body: text })
  const before = server.lines.length
  const response = await send(built, { remoteAddress: request.address })
  const body = await readBody(response)
  return {
    request,
    method: built.method,
    path: new URL(built.url).pathname,
    authorization: built.headers.get('authorization') ?? '',
    status: response.status,
    headers: response.headers,
    body,
    lines: server.lines.slice(before),
    isUnparsed: send.isLocal && !response.headers.has('x-request-id'),
    isLocal: request.address === '127.0.0.1' || send.isLocal,
    sent: [target, text ?? '', ...headers.map(([, value]) => value)].join('\n'),
  }
}

function inJson(text: string): string {
  return JSON.stringify(text).slice(1, -1)
}

function build({ method, target, headers, body, bytes }: FuzzRequest): Request {
  const content = bytes ?? body
  const hasBody = content !== undefined && !/^(get|head)$/i.test(method)
  return new Request(`${issuer}${target.startsWith('/') ? '' : '/'}${target}`, {
    method,
    headers: headers.map(([name, value]) => [name, value] as [string, string]),
    ...(hasBody && { body: typeof content === 'string' ? content : new Uint8Array(content) }),
  })
}

/** A stream never ends by itself: its first event is enough. */
async function readBody(response: Response): Promise<string> {
  if (response.headers.get('content-type') !== 'text/event-stream') return response.text()
  const reader = response.body?.getReader()
  const first = await reader?.read()
  await reader?.cancel()
  return new TextDecoder().decode(first?.value)
}

/** Sends over a connection of its own to a server that listens; what no connection can carry, in process. */
export function overHttp(port: number, inProcess: TestServer['handle']): Send {
  const send = async (request: Request, info: { remoteAddress: string }): Promise<Response> => {
    if (!METHODS.includes(request.method)) return inProcess(request, info)
    const { pathname, search } = new URL(request.url)
    const bytes = Buffer.from(await request.arrayBuffer())
    return new Promise((resolve, reject) => {
      const outgoing = httpRequest(
        {
          port,
          host: '127.0.0.1',
          method: request.method,
          path: `${pathname}${search}`,
          // Some methods frame no body by themselves.
          headers: {
            ...Object.fromEntries(request.headers),
            ...(bytes.length > 0 && { 'content-length': bytes.length }),
          },
          agent: false,
        },
        (incoming) => {
          const chunks: Buffer[] = []
          const finish = (): void => {
            const headers = new Headers()
            for (const [name, value] of Object.entries(incoming.headers)) headers.set(name, String(value))
            const status = incoming.statusCode ?? 0
            const isEmpty = status === 204 || status === 304
            resolve(new Response(isEmpty ? null : Buffer.concat(chunks), { status, headers }))
          }
          const isStream = incoming.headers['content-type'] === 'text/event-stream'
          incoming.on('data', (chunk: Buffer) => {
            chunks.push(chunk)
            if (isStream) finish()
            if (isStream) incoming.destroy()
          })
          incoming.on('end', finish)
        },
      )
      outgoing.on('error', reject)
      outgoing.end(bytes.length > 0 ? bytes : undefined)
    })
  }
  return Object.assign(send, { isLocal: true })
}
