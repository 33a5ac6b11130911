/** Forms (WHATWG URL §5.1), read by hand: the platform's reader costs more than the whole rest of a refresh. */

export type Form = ReadonlyMap<string, string>

export type ParsedForm =
  | { readonly ok: true; readonly form: Form }
  | { readonly ok: false; readonly why: string }

/**
 * Reads a form after RFC 6749 §3.2: a parameter that comes twice is refused, one without a value counts as omitted,
 * and one that nobody knows is for the caller to ignore. Only `resource` may come several times (RFC 8707 §2): its values
 * become one text, with spaces between, which no URI has.
 */
export function parseForm(text: string): ParsedForm {
  const form = new Map<string, string>()
  const seen = new Set<string>()
  for (const part of text.split('&')) {
    if (part === '') continue
    const equals = part.indexOf('=')
    const name = decodePart(equals < 0 ? part : part.slice(0, equals))
    const value = equals < 0 ? '' : decodePart(part.slice(equals + 1))
    if (name === undefined || value === undefined) {
      return { ok: false, why: 'expected a form, got a percent-encoding that is broken' }
    }
    if (seen.has(name) && name !== 'resource') {
      return { ok: false, why: 'expected each parameter once, got one twice' }
    }
    seen.add(name)
    const before = form.get(name)
    if (value !== '') form.set(name, before === undefined ? value : `${before} ${value}`)
  }
  return { ok: true, form }
}

function decodePart(text: string): string | undefined {
  if (!/[%+]/.test(text)) return text
  try {
    return decodeURIComponent(text.replaceAll('+', ' '))
  } catch {
    return undefined
  }
}
