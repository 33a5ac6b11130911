/** What the server promises of every answer, read from the document that it serves itself. */
import { Ajv } from 'ajv'

/** A JSON Schema, as far as requests are made of it. */
export interface Schema {
  readonly type?: string
  readonly properties?: Readonly<Record<string, Schema>>
  readonly required?: readonly string[]
  readonly items?: Schema
  readonly enum?: readonly string[]
  readonly $ref?: string
  readonly additionalProperties?: unknown
}

type Content = Readonly<Record<string, { readonly schema?: Schema }>>

/** An operation of the document. */
interface Described {
  readonly summary: string
  readonly security: readonly Readonly<Record<string, readonly string[]>>[]
  readonly parameters?: readonly { readonly name: string; readonly in: 'path' | 'query' }[]
  readonly requestBody?: { readonly content: Content }
  readonly responses: Readonly<Record<string, { readonly content?: Content }>>
}

interface Document {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Described>>>>
  readonly components: { readonly schemas: Readonly<Record<string, Schema>> }
}

export interface Operation {
  /** `POST /login`. */
  readonly name: string
  readonly method: string
  readonly path: string
  readonly caller: 'anybody' | 'person' | 'client' | 'admin'
  readonly query: readonly string[]
  readonly json: Schema | undefined
  readonly form: Schema | undefined
  /** Statuses of good requests, and of all others. */
  readonly good: readonly number[]
  readonly errors: readonly number[]
  /** Why a body is not what the document says of this status; undefined when it is. */
  bodyFault(status: number, type: string | undefined, body: string): string | undefined
}

export interface Contract {
  readonly operations: readonly Operation[]
  /** The operation of a request; `wrong_method` where the path has others alone, undefined where there is no such path. */
  find(method: string, path: string): Operation | 'wrong_method' | undefined
  /** Whether the errors of a path are those of RFC 6749 §5.2. */
  isOAuth(path: string): boolean
  problemFault(type: string | undefined, body: string, isOAuth: boolean): string | undefined
}

/** @param text the document, as `/openapi.json` serves it */
export function readContract(text: string): Contract {
  const document = JSON.parse(text) as Document
  const check = createChecks(document)
  const operations = Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, described]) => operationOf(path, method, described, check)),
  )
  const routes = operations.map((operation) => ({ operation, pattern: patternOf(operation.path) }))
  // A path without parameters goes before one that would take its last part for one.
  routes.sort((one, other) => one.operation.path.split('{').length - other.operation.path.split('{').length)
  const isOAuth = (path: string): boolean =>
    ['/token', '/revoke', '/introspect', '/ticket/redeem'].includes(path)
  return {
    operations,
    find: (method, path) => {
      const matching = routes.filter(({ pattern }) => pattern.test(path)).map(({ operation }) => operation)
      const first = matching[0]?.path
      const own = matching.filter((operation) => operation.path === first)
      const asked = method === 'HEAD' ? 'GET' : method
      return (
        own.find((operation) => operation.method === asked) ?? (own.length > 0 ? 'wrong_method' : undefined)
      )
    },
    isOAuth,
    problemFault: (type, body, oauth) =>
      oauth
        ? check(contentOf('application/json', 'OAuthError'), type, body)
        : check(contentOf('application/problem+json', 'Problem'), type, body),
  }
}

function contentOf(type: string, name: string): Content {
  return { [type]: { schema: { $ref: `#/components/schemas/${name}` } } }
}

type Check = (content: Content | undefined, type: string | undefined, body: string) => string | undefined

/** Objects of a schema have no member that it does not name, unless it says so. */
function createChecks(document: Document): Check {
  const ajv = new Ajv({ strict: false, allErrors: true })
  const prefix = '#/components/schemas/'
  const validators = new Map(
    Object.entries(document.components.schemas).map(([name, schema]) => [
      `${prefix}${name}`,
      ajv.compile(closed(schema) as object),
    ]),
  )
  return (content, type, body) => {
    if (content === undefined) return body === '' ? undefined : 'expected no body, got one'
    const found = type === undefined ? undefined : content[type]
    if (found === undefined)
      return `expected ${Object.keys(content).join(' or ')}, got ${type ?? 'no media type'}`
    if (found.schema?.$ref === undefined) return body === '' ? 'expected a body, got none' : undefined
    const validate = validators.get(found.schema.$ref)
    if (validate === undefined) return `${found.schema.$ref} leads nowhere`
    const value = parse(body)
    if (value === undefined) return 'expected JSON, got text that is not'
    return validate(value)
      ? undefined
      : ajv.errorsText(validate.errors, { dataVar: found.schema.$ref.slice(prefix.length) })
  }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

function closed(schema: unknown): unknown {
  if (Array.isArray(schema)) return schema.map(closed)
  if (typeof schema !== 'object' || schema === null) return schema
  const inner = Object.fromEntries(Object.entries(schema).map(([name, value]) => [name, closed(value)]))
  const isOpen = !('properties' in inner) || 'additionalProperties' in inner
  return isOpen ? inner : { ...inner, additionalProperties: false }
}

function patternOf(path: string): RegExp {
  return new RegExp(`^${path.replaceAll('.', '\\.').replaceAll(/\{\w+\}/g, '[^/]+')}$`)
}

function operationOf(path: string, method: string, described: Described, check: Check): Operation {
  const { security, parameters = [], requestBody, responses } = described
  const statuses = Object.keys(responses).map(Number)
  const content = requestBody?.content ?? {}
  const [caller = 'anybody'] = Object.keys(security[0] ?? {})
  return {
    name: `${method.toUpperCase()} ${path}`,
    method: method.toUpperCase(),
    path,
    caller: caller as Operation['caller'],
    query: parameters.filter((parameter) => parameter.in === 'query').map(({ name }) => name),
    json: content['application/json']?.schema,
    form: content['application/x-www-form-urlencoded']?.schema,
    good: statuses.filter((status) => status < 300),
    errors: statuses.filter((status) => status >= 300),
    bodyFault: (status, type, body) => {
      const described = responses[String(status)]
      if (described === undefined) return `status ${status} is not in the document`
      return check(described.content, type, body)
    },
  }
}
