/** Changes one member of a JSON body, or one parameter of a form. */
import type { FuzzRequest } from './request.ts'

function pick<T>(list: readonly T[], at: number): T | undefined {
  return list[at % Math.max(1, list.length)]
}

/** The object in a body; undefined where there is none, or one too deep to be written again. */
export function jsonOf({ body }: FuzzRequest): Record<string, unknown> | undefined {
  if ((body ?? '').length > 20_000) return undefined
  try {
    const value: unknown = JSON.parse(body ?? '')
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? (value as Record<string, unknown>)
      : undefined
  } catch {
    return undefined
  }
}

export function changeMember(
  request: FuzzRequest,
  at: number,
  change: (name: string) => readonly [string, unknown][],
): FuzzRequest {
  const json = jsonOf(request)
  if (json !== undefined) {
    const name = pick(Object.keys(json), at)
    if (name === undefined) return request
    const members = Object.entries(json).flatMap((member) => (member[0] === name ? change(name) : [member]))
    return { ...request, body: rawJson(members) }
  }
  const parts = (request.body ?? '').split('&')
  const part = pick(parts, at) ?? ''
  const name = part.split('=')[0] ?? ''
  const changed = change(name).map(([key, value]) => `${formText(key)}=${formText(asText(value))}`)
  return { ...request, body: parts.flatMap((known) => (known === part ? changed : [known])).join('&') }
}

/** Written by hand: a member may stand twice. */
function rawJson(members: readonly (readonly [string, unknown])[]): string {
  return `{${members.map(([name, value]) => `${JSON.stringify(name)}:${JSON.stringify(value) ?? 'null'}`).join(',')}}`
}

function asText(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value)
}

/** As a browser does it: half a character becomes a whole one. */
function formText(text: string): string {
  return encodeURIComponent(Buffer.from(text).toString())
    .replaceAll('%7B%7B', '{{')
    .replaceAll('%7D%7D', '}}')
}
