/** The error for what is not encoded as it should be, or longer. */
import { JoseError } from '../errors.ts'

/** Expected, then got, then where. */
export function malformed(
  where: string,
  expected: string,
  got: string | number = 'something else',
  code: 'malformed' | 'too_large' = 'malformed',
): JoseError {
  return new JoseError(code, `${where}: expected ${expected}, got ${got}`)
}
