/** Bodies: read up to 64 KiB and no further, as UTF-8, of the media type that the endpoint takes. */
import type { ProblemAnswer } from '@tessera/guard'
import { problem } from '@tessera/guard'
import { isJoseError } from '@tessera/jose'
import { parseJsonObject } from '@tessera/jose/encoding'
import type { z } from 'zod'
import type { Form } from './form.ts'
import { parseForm } from './form.ts'
import type { Incoming } from './incoming.ts'

/** Or the answer to give at once. */
export type Read<Value> =
  | { readonly ok: true; readonly value: Value }
  | { readonly ok: false; readonly problem: ProblemAnswer }

const largestBodyBytes: number = 64 * 1024

const utf8 = new TextDecoder('utf-8', { fatal: true })

const tooLarge = (): Read<never> => ({
  ok: false,
  problem: problem('too_large', `expected a body of at most ${largestBodyBytes} bytes, got a larger one`),
})

function invalid(detail: string): Read<never> {
  return { ok: false, problem: problem('body_invalid', detail) }
}

/** Reads a JSON object of a shape. Members that the shape does not name are ignored. */
export async function readJson<Shape extends z.ZodType>(
  request: Incoming,
  shape: Shape,
): Promise<Read<z.output<Shape>>> {
  const type = mediaType(request)
  if (type !== 'application/json') return wrongType('application/json')
  const text = await readText(request)
  return text.ok ? parseJson(text.value, shape) : text
}

const formType = 'application/x-www-form-urlencoded'

/** Reads a form (application/x-www-form-urlencoded). */
export async function readForm(request: Incoming): Promise<Read<Form>> {
  if (mediaType(request) !== formType) return wrongType(formType)
  const text = await readText(request)
  return text.ok ? parseFormText(text.value) : text
}

/** Reads one optional text from a JSON object or a form; undefined when there is no body, or it does not hold it. */
export async function readOptionalText(request: Incoming, member: string): Promise<Read<string | undefined>> {
  const type = mediaType(request)
  const text = await readText(request)
  if (!text.ok) return text
  if (text.value === '') return { ok: true, value: undefined }
  if (type === 'application/x-www-form-urlencoded') {
    const form = parseFormText(text.value)
    return form.ok ? { ok: true, value: form.value.get(member) } : form
  }
  if (type !== 'application/json') return wrongType('application/json or application/x-www-form-urlencoded')
  return parseOptionalMember(text.value, member)
}

function parseOptionalMember(text: string, member: string): Read<string | undefined> {
  const json = readObject(text)
  if (!json.ok) return json
  const value = Object.hasOwn(json.value, member) ? json.value[member] : undefined
  if (value === undefined || typeof value === 'string') return { ok: true, value }
  return invalid(`${member}: expected text, got ${kindOf(value)}`)
}

function parseFormText(text: string): Read<Form> {
  const form = parseForm(text)
  if (form.ok && [...form.form.values()].some(hasNul)) return invalid(noNul)
  return form.ok
    ? { ok: true, value: form.form }
    : { ok: false, problem: problem('request_invalid', form.why) }
}

function parseJson<Shape extends z.ZodType>(text: string, shape: Shape): Read<z.output<Shape>> {
  const json = readObject(text)
  if (!json.ok) return json
  const result = shape.safeParse(json.value)
  if (result.success) return { ok: true, value: result.data }
  const [issue] = result.error.issues
  const name = String(issue?.path[0] ?? 'body')
  const expected =
    issue?.code === 'invalid_type' ? (kindNames[issue.expected] ?? issue.expected) : 'another value'
  return invalid(`${name}: expected ${expected}, got ${kindOf(json.value[name])}`)
}

const kindNames: Readonly<Record<string, string>> = { string: 'text', boolean: 'true or false' }

/** What PostgreSQL cannot hold and C ends at: in no text that anybody means. */
const noNul = 'body: expected text without NUL characters'

function hasNul(value: unknown): boolean {
  if (typeof value === 'string') return value.includes('\0')
  return typeof value === 'object' && value !== null && Object.values(value).some(hasNul)
}

/** As strict as with tokens: of two members with one name, others in front of us may have seen the other (RFC 8259 §4). */
function readObject(text: string): Read<Readonly<Record<string, unknown>>> {
  try {
    const value = parseJsonObject(text, 'body')
    return /\\u0000/.test(text) && hasNul(value) ? invalid(noNul) : { ok: true, value }
  } catch (error) {
    if (isJoseError(error)) return invalid(error.message)
    throw error
  }
}

function kindOf(value: unknown): string {
  if (value === undefined) return 'nothing'
  if (value === null) return 'null'
  if (Array.isArray(value)) return 'an array'
  return typeof value === 'string' ? 'text' : typeof value === 'object' ? 'an object' : `a ${typeof value}`
}

/** The media type in lower case, without parameters; a charset other than UTF-8 makes it another type. */
function mediaType(request: Incoming): string {
  const header = request.headers.get('content-type') ?? ''
  if (header === formType) return header
  const [type = '', ...parameters] = header.toLowerCase().split(';')
  const charset = parameters.map((text) => text.trim()).find((text) => text.startsWith('charset='))
  const isUtf8 = charset === undefined || /^charset="?utf-?8"?$/.test(charset)
  return isUtf8 ? type.trim() : header
}

function wrongType(expected: string): Read<never> {
  return {
    ok: false,
    problem: problem('media_type_unsupported', `expected Content-Type ${expected}, got another or none`),
  }
}

async function readText(request: Incoming): Promise<Read<string>> {
  const length = request.headers.get('content-length')
  if (length !== null && Number(length) > largestBodyBytes) return tooLarge()
  let bytes: Uint8Array | 'too_large'
  try {
    bytes = await request.readBody(largestBodyBytes)
  } catch {
    return invalid('body: expected a whole body, got one that broke off')
  }
  if (bytes === 'too_large') return tooLarge()
  try {
    return { ok: true, value: utf8.decode(bytes) }
  } catch {
    return invalid('body: expected UTF-8 text, got other bytes')
  }
}
