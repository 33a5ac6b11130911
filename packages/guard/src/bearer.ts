/**
 * Reads the access token of a request: RFC 6750 §2.1 within RFC 9110 §11.6.2. Only the `Authorization` header counts;
 * a token in the query or in a form body is ignored, as the OAuth 2.1 draft demands.
 */

export type BearerResult =
  | { readonly ok: true; readonly token: string }
  | {
      readonly ok: false
      readonly code: 'token_missing' | 'request_invalid' | 'too_large'
      readonly detail: string
    }

/** The longest token that `@tessera/jose` reads under any option, and room for the scheme. */
const maximumLength = 65_536 + 64

const schemePattern = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+/
/** 1*SP token68 (RFC 9110 §11.2): a tab is no SP, and nothing may follow. */
const token68Pattern = /^ +([A-Za-z0-9\-._~+/]+=*)$/

const plainScheme = 'Bearer '

const expected = 'expected "Authorization: Bearer <token>"'
/** One sentence, whether the runtime told the headers apart or joined them. */
const several = 'expected one Authorization header with one credential, got several'

/**
 * What follows `Bearer ` in a header of the form that clients write, whatever it is; undefined for any other form. For who
 * lets in what a verifier accepts and nothing else: that is a token68, and looking at each of its characters once more costs
 * a tenth of verifying it. What is not let in is for `readBearer` to judge.
 */
export function plainToken(value: string | undefined): string | undefined {
  return value?.startsWith(plainScheme) === true ? value.slice(plainScheme.length) : undefined
}

/**
 * Takes the token from the values of the `Authorization` header. The scheme is compared without case; exactly one
 * token68 follows it. Another scheme, or no header, is a request without a token.
 */
export function readBearer(values: readonly string[]): BearerResult {
  if (values.length > 1) return malformed(several)
  const value = trimSpace(values[0] ?? '')
  if (value === '') return missing(`${expected}, got no Authorization header`)
  const scheme = schemePattern.exec(value)?.[0]
  if (scheme === undefined) return malformed(`${expected}, got a value that does not begin with a scheme`)
  const rest = value.slice(scheme.length)
  if (scheme.toLowerCase() !== 'bearer') return readOther(value, rest)
  if (value.length > maximumLength) {
    return {
      ok: false,
      code: 'too_large',
      detail: `expected a token of at most 65536 characters, got a longer one`,
    }
  }
  if (rest.includes(',')) return malformed(several)
  const token = token68Pattern.exec(rest)?.[1]
  return token === undefined ? malformed(`${expected}, got ${kindOf(rest)}`) : { ok: true, token }
}

function missing(detail: string): BearerResult {
  return { ok: false, code: 'token_missing', detail }
}

function malformed(detail: string): BearerResult {
  return { ok: false, code: 'request_invalid', detail }
}

function readOther(value: string, rest: string): BearerResult {
  if (value.length > maximumLength)
    return malformed(`${expected}, got another scheme at a length that nobody needs`)
  if (holdsSeveral(value)) return malformed(several)
  if (rest === '')
    return missing(`${expected}, got one word: is the scheme "Bearer" missing before the token?`)
  return rest.startsWith(' ')
    ? missing(`${expected}, got another scheme`)
    : malformed(`${expected}, got a scheme that no space follows`)
}

/** What stands where one token68 was expected. Kinds only: the text may hold a token. */
function kindOf(rest: string): string {
  if (rest === '') return 'the scheme without a token'
  if (!rest.startsWith(' ')) return 'a scheme that no space follows'
  if (/^ +[^ ]+ /.test(rest)) return 'further text after the token'
  return 'a character that a token cannot have'
}

/** Without the optional white space around it (RFC 9110 §5.5). A loop: the pattern for it takes quadratic time. */
function trimSpace(value: string): string {
  let [start, end] = [0, value.length]
  while (start < end && isSpace(value[start])) start += 1
  while (end > start && isSpace(value[end - 1])) end -= 1
  return value.slice(start, end)
}

function isSpace(character: string | undefined): boolean {
  return character === ' ' || character === '\t'
}

/**
 * Whether the value is several credentials joined by commas: `Headers` of the Fetch standard and HTTP gateways join
 * repeated headers so. A single credential has commas only between its `name=value` parameters.
 */
function holdsSeveral(value: string): boolean {
  const parts = splitAtCommas(value)
  const credentials = parts.filter((part) =>
    /^[ \t]*(?:[^ \t=]+[ \t]*)?$|^[ \t]*[^ \t=]+[ \t]+[^ \t=]/.test(part),
  )
  return parts.length > 1 && credentials.length > 1
}

/** The parts between commas that stand outside quoted-strings (RFC 9110 §5.6.4), in one pass. */
function splitAtCommas(value: string): readonly string[] {
  const parts: string[] = []
  let start = 0
  let quoted = false
  for (let index = 0; index < value.length; index += 1) {
    const character = value[index]
    if (character === '"') quoted = !quoted
    else if (quoted && character === '\\') index += 1
    else if (!quoted && character === ',') {
      parts.push(value.slice(start, index))
      start = index + 1
    }
  }
  parts.push(value.slice(start))
  return parts
}
