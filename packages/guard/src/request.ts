/** `@tessera/guard/request`: the guard for anything that speaks `Request` and `Response` of the Fetch standard. */
import { authenticateOf, guardFrom } from './guard.ts'
import type { Auth, Guard } from './guard.ts'
import type { GuardOptions, SeveralIssuersOptions } from './options.ts'

/** Either `auth`, or the `response` to give at once. */
export type GuardedRequest =
  | { readonly auth: Auth; readonly response?: undefined }
  | { readonly auth?: undefined; readonly response: Response }

/**
 * Makes a function that verifies the token of a `Request`:
 * `const { auth, response } = await check(request); if (response) return response`. Takes a guard made by
 * `createGuard` too, to share its keys.
 *
 * @throws {JoseError} `option_invalid`, `key_invalid`
 */
export function guard(
  guardOrOptions: Guard | GuardOptions | SeveralIssuersOptions,
): (request: Request) => Promise<GuardedRequest> {
  const authenticate = authenticateOf(guardFrom(guardOrOptions))
  return async ({ method, url, headers }) => {
    const result = await authenticate({ method, url, headers })
    if (result.ok) return { auth: result.auth }
    return {
      response: new Response(JSON.stringify(result.body), { status: result.status, headers: result.headers }),
    }
  }
}
