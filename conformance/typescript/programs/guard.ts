// A guard without a framework, and for Hono, as on runtimes without Node.
import { createRemoteJwkSet } from '@tessera/jose'
import { createGuard } from '@tessera/guard'
import { guard as honoGuard } from '@tessera/guard/hono'
import { guard as requestGuard } from '@tessera/guard/request'

export async function serve(request: Request): Promise<Response | string> {
  const guard = createGuard({
    issuer: 'https://id.example',
    audience: 'https://api.example',
    keys: createRemoteJwkSet({ issuer: 'https://id.example' }),
    scopes: ['orders'],
  })
  // @ts-expect-error the audience has to be decided
  createGuard({ issuer: 'https://id.example' })
  const result = await guard.authenticate({ method: 'GET', url: request.url, headers: request.headers })
  if (!result.ok)
    return new Response(JSON.stringify(result.body), { status: result.status, headers: result.headers })
  // @ts-expect-error scopes are a list
  const scopes: string = result.auth.scopes
  void [honoGuard, requestGuard, scopes]
  return String(result.auth.claims.sub)
}
