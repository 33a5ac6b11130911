/** The OpenAPI 3.1 document: made of the schemas that check what comes in. */
import { z } from 'zod'
import type { Caller, Operation } from './operation.ts'
import { operations } from './operations.ts'
import { answerSchemas } from './schemas.ts'
import { oauthPaths } from './token-operations.ts'

/** The document of a server with this issuer, as text. */
export function openApiText(issuer: string): string {
  return JSON.stringify({
    openapi: '3.1.0',
    info: {
      title: 'Tessera',
      version: '1',
      description: 'Accounts, login, refresh, revocation, published keys.',
    },
    servers: [{ url: issuer.replace(/\/$/, '') }],
    paths: Object.fromEntries(
      Object.entries(operations).map(([path, methods]) => [
        path.replaceAll(/:(\w+)/g, '{$1}'),
        Object.fromEntries(
          Object.entries(methods).map(([method, operation]) => [
            method.toLowerCase(),
            describe(path, method, operation),
          ]),
        ),
      ]),
    ),
    components: {
      schemas: Object.fromEntries(
        Object.entries(answerSchemas).map(([name, schema]) => [name, toJson(schema)]),
      ),
      securitySchemes: {
        person: { type: 'http', scheme: 'bearer', bearerFormat: 'JWT' },
        admin: { type: 'http', scheme: 'bearer', bearerFormat: 'JWT', description: 'For <issuer>/admin.' },
        client: { type: 'http', scheme: 'basic', description: 'client_id and client_secret.' },
        cookie: { type: 'apiKey', in: 'cookie', name: '__Host-tessera' },
      },
    },
  })
}

function describe(path: string, method: string, operation: Operation): object {
  const { summary, caller, json, form, query = [] } = operation
  const named = [...path.matchAll(/:(\w+)/g)].map(([, name]) => parameter(name ?? '', 'path'))
  const parameters = [...named, ...query.map((name) => parameter(name, 'query'))]
  const content =
    json === undefined
      ? form && { 'application/x-www-form-urlencoded': { schema: toJson(form) } }
      : { 'application/json': { schema: toJson(json) } }
  return {
    operationId: operationId(path, method),
    summary,
    security: securityOf(caller),
    ...(parameters.length > 0 && { parameters }),
    ...(content !== undefined && { requestBody: { content } }),
    responses: responsesOf(path, operation),
  }
}

/** `postPasswordReset`, `deleteAdminClientsId`. */
function operationId(path: string, method: string): string {
  const words = path.split(/[^A-Za-z]+/).filter((word) => word !== '')
  return method.toLowerCase() + words.map((word) => (word[0] ?? '').toUpperCase() + word.slice(1)).join('')
}

function parameter(name: string, place: 'path' | 'query'): object {
  return { name, in: place, required: place === 'path', schema: { type: 'string' } }
}

function securityOf(caller: Caller): readonly object[] {
  return caller === 'anybody' ? [{}] : [{ [caller]: [] }]
}

function responsesOf(path: string, { answer, otherwise = answer, errors }: Operation): object {
  const isOAuth = oauthPaths.has(path)
  const [type, name] = isOAuth ? ['application/json', 'OAuthError'] : ['application/problem+json', 'Problem']
  const wrong = errors.map((code) => [
    code,
    code < 400
      ? { description: 'Nothing new.' }
      : { description: 'Refused: see `code`.', content: { [type]: refer(name) } },
  ])
  const isOneStatus = answer[0] === otherwise[0]
  const right = isOneStatus
    ? [[answer[0], good(answer[1], otherwise[1])]]
    : [answer, otherwise].map(([status, body]) => [status, good(body)])
  return Object.fromEntries([...right, ...wrong])
}

function good(...bodies: readonly (string | undefined)[]): object {
  const named = bodies.filter((body) => body !== undefined)
  if (named.length === 0) return { description: 'Done.' }
  const content = named.map((body) => (body.includes('/') ? [body, {}] : ['application/json', refer(body)]))
  return { description: 'Done.', content: Object.fromEntries(content) }
}

function refer(name: string): object {
  return { schema: { $ref: `#/components/schemas/${name}` } }
}

function toJson(schema: z.ZodType): object {
  const { $schema: _, ...rest } = z.toJSONSchema(schema, { io: 'input' })
  return rest
}
