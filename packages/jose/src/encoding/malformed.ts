/** The error for what is not encoded as it should be. */
import { JoseError } from '../errors.ts'

/** Expected, then got, then where. */
export function malformed(where: string, expected: string, got = 'something else'): JoseError<'malformed'> {
  return new JoseError('malformed', `${where}: expected ${expected}, got ${got}`)
}
