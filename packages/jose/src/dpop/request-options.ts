/** The options that name a request, read alike by who makes a proof and by who checks one. */
import { JoseError } from '../errors.ts'
import { badOption } from '../options.ts'

/**
 * The method of a request. Methods are case-sensitive (RFC 9110 §9.1), and `fetch` sends `post` as `POST`.
 *
 * @throws {JoseError} `option_invalid`
 */
export function readMethod(method: unknown, where: string): string {
  if (typeof method !== 'string' || !/^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/.test(method))
    throw badOption(where, 'method', 'the method of the request, such as POST', method)
  if (method === method.toUpperCase()) return method
  throw new JoseError('option_invalid', `${where}: option "method": expected upper case, as it is sent: POST`)
}

/** The text of a URL option. @throws {JoseError} `option_invalid` */
export function readUrlText(url: unknown, where: string): string {
  if (url instanceof URL) return url.href
  if (typeof url === 'string') return url
  throw badOption(where, 'url', 'an absolute http or https URL', url)
}

/** Text that an option holds. @throws {JoseError} `option_invalid` */
export function readOptionText(value: unknown, name: string, where: string): string {
  if (typeof value === 'string' && value !== '') return value
  throw badOption(where, name, 'text', value)
}
