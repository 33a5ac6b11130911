/** `GET /openapi.json` and `GET /docs`: the reference of this very server, with nothing loaded from anywhere. */
import { createHash } from 'node:crypto'
import type { Answer } from '../../http/answer.ts'
import { createPublicDocument } from '../../http/public-document.ts'
import type { Endpoint, PublicEndpoint } from '../desk.ts'
import { openApiText } from './openapi.ts'
import type { Operation } from './operation.ts'
import { operations } from './operations.ts'

const cacheSeconds = 300

export function openApiEndpoint(issuer: string): PublicEndpoint {
  let text: string | undefined
  const read = () => ({ text: (text ??= openApiText(issuer)), maxAgeSeconds: cacheSeconds })
  return { document: createPublicDocument(read) }
}

export function docsEndpoint(issuer: string): Endpoint {
  let answer: Answer | undefined
  return () => (answer ??= pageAnswer(issuer))
}

const style = `
:root { color-scheme: light dark; font: 1rem/1.5 system-ui, 'Noto Sans KR', sans-serif }
body { max-width: 60rem; margin: 2rem auto; padding: 0 1rem }
table { border-collapse: collapse; width: 100% }
th, td { text-align: left; vertical-align: top; padding: .4rem .6rem; border-bottom: 1px solid #8884 }
code { font: .9em ui-monospace, monospace }
`

function pageAnswer(issuer: string): Answer {
  // The style is named by its digest: nothing else may run, load or show.
  const digest = createHash('sha256').update(style).digest('base64')
  return {
    status: 200,
    headers: {
      'content-type': 'text/html; charset=utf-8',
      'cache-control': `public, max-age=${cacheSeconds}`,
      'content-security-policy': `default-src 'none'; style-src 'sha256-${digest}'; frame-ancestors 'none'`,
    },
    body: page(issuer),
  }
}

function page(issuer: string): string {
  const rows = Object.entries(operations).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => row(path, method, operation)),
  )
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>Tessera: reference</title>
<style>${style}</style>
<h1>Reference</h1>
<p>The server at <code>${escape(issuer)}</code>. The same as OpenAPI 3.1: <a href="openapi.json">openapi.json</a>.</p>
<table>
<thead><tr><th scope="col">call</th><th scope="col">takes</th><th scope="col">answers</th></tr></thead>
<tbody>
${rows.join('\n')}
</tbody>
</table>
</html>
`
}

const callers = {
  anybody: 'anybody',
  person: 'Bearer',
  client: 'client authentication',
  admin: 'Bearer, admin',
} as const

function row(
  path: string,
  method: string,
  { summary, caller, json, form, query = [], answer, otherwise = answer, errors }: Operation,
) {
  const shape = json ?? form
  const names = shape === undefined ? query : membersOf(shape)
  const takes = [callers[caller], ...(names.length > 0 ? [names.join(', ')] : [])].join(': ')
  const answers = [...new Set([answer[0], otherwise[0], ...errors])].join(' ')
  return `<tr><th scope="row"><code>${method} ${escape(path)}</code><br>${escape(summary)}</th><td>${escape(takes)}</td><td>${answers}</td></tr>`
}

function membersOf(shape: NonNullable<Operation['json']>): readonly string[] {
  return 'shape' in shape ? Object.keys(shape.shape as object) : []
}

function escape(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
}
