/**
 * The console's built files, served from memory. What is not read at start does not exist, so no path leads anywhere
 * else.
 */
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { extname, join, relative, sep } from 'node:path'
import { problem } from '@tessera/guard'
import type { Answer } from '../http/answer.ts'
import { problemAnswer } from '../http/answer.ts'
import { entityTag, isKnown } from '../http/entity-tag.ts'
import type { Incoming } from '../http/incoming.ts'

/** Answers a request for a file, or undefined when there is none of that path. */
export type ConsoleFiles = (request: Incoming, path: string) => Answer | undefined

const types: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.mjs': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json',
  '.map': 'application/json',
  '.webmanifest': 'application/manifest+json',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.ico': 'image/x-icon',
  '.woff2': 'font/woff2',
  '.txt': 'text/plain; charset=utf-8',
}

/** Of the built names that carry a hash of their content: they never change. */
const hashed = /^\/assets\/.+-[\w-]{8,}\.\w+$/

interface ConsoleFile {
  readonly etag: string
  readonly bytes: Uint8Array<ArrayBuffer>
  readonly headers: Readonly<Record<string, string>>
}

/** Reads the folder; without one, no page is served. */
export function readConsoleFiles(directory: string | undefined, issuer: string): ConsoleFiles {
  if (directory === undefined || !existsSync(directory)) return () => undefined
  const { origin, pathname } = new URL(issuer)
  const policy = contentSecurityPolicy(origin)
  const base = pathname.replace(/\/$/, '')
  const files = new Map(listFiles(directory).map((path) => readFile(directory, path, policy)))
  return (request, path) => {
    if (base !== '' && path === base) return moved(`${base}/`)
    // A page goes by its name: `/admin` is the file `admin.html`.
    const file = files.get(path === '/' ? '/index.html' : path) ?? files.get(`${path}.html`)
    if (file === undefined) return undefined
    if (request.method !== 'GET' && request.method !== 'HEAD') {
      const headers = { allow: 'GET, HEAD' }
      return problemAnswer(
        problem('method_not_allowed', 'expected GET or HEAD, got another method', { headers }),
      )
    }
    return isKnown(request, file.etag)
      ? { status: 304, headers: file.headers, body: null }
      : { status: 200, headers: file.headers, body: file.bytes }
  }
}

/** Pages name their files from the folder that they are in: an issuer with a path is one (RFC 8414 §3). */
function moved(location: string): Answer {
  return { status: 308, headers: { location, 'cache-control': 'no-cache' }, body: null }
}

function listFiles(directory: string): readonly string[] {
  return readdirSync(directory, { recursive: true, encoding: 'utf8' }).filter((path) =>
    statSync(join(directory, path)).isFile(),
  )
}

function readFile(directory: string, name: string, policy: string): [string, ConsoleFile] {
  const bytes = new Uint8Array(readFileSync(join(directory, name)))
  const path = `/${relative(directory, join(directory, name)).split(sep).join('/')}`
  const etag = entityTag(bytes)
  const headers = {
    'content-type': types[extname(name)] ?? 'application/octet-stream',
    etag,
    'cache-control': hashed.test(path) ? 'public, max-age=31536000, immutable' : 'no-cache',
    'content-security-policy': policy,
  }
  return [path, { etag, bytes, headers }]
}

/** Scripts and styles from here alone, none inline; calls to this server only, under either of its names. */
function contentSecurityPolicy(issuerOrigin: string): string {
  return [
    "default-src 'self'",
    "img-src 'self' data:",
    `connect-src 'self' ${issuerOrigin}`,
    "object-src 'none'",
    "base-uri 'none'",
    "form-action 'self'",
    "frame-ancestors 'none'",
  ].join('; ')
}
