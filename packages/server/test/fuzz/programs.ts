/** Clients of a fuzzed server: `billing` with a secret, `api` that may introspect, `signer` with a key of its own. */
import { exportJwk, generateKey, signJwt } from '@tessera/jose'
import type { PrivateKey } from '@tessera/jose'
import { issuer } from '../create-test-server.ts'
import { basic } from '../register-client.ts'
import type { Post, WorldParts } from './open-world.ts'
import type { Secrets } from './secrets.ts'

interface Program {
  readonly id: string
  readonly secret: string
}

export interface Programs {
  /** What a client has by this name: `id`, `secret`, `basic`, `assertion`, `access`. */
  valueOf(name: string, what: string): Promise<string>
  /** Something has changed: clients are looked at before they are used again. */
  suspect(): void
}

const form = { grant_type: 'client_credentials' }
const client_assertion_type = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer'

export async function createPrograms(
  { server, clients }: WorldParts,
  post: Post,
  secrets: Secrets,
): Promise<Programs> {
  const known = new Map<string, Program>()
  const sound = new Set<string>()
  const signer = (await generateKey('ES256')) as PrivateKey
  const jwk = await exportJwk(signer.publicKey)
  let count = 0

  const assertionOf = async ({ id }: Program): Promise<string> => {
    const iat = Math.floor(server.nowMs() / 1000)
    const claims = { iss: id, sub: id, aud: issuer, jti: secrets.make('j'), iat, exp: iat + 60 }
    return secrets.keep(await signJwt(claims, signer, {}))
  }
  const askFor = async (
    name: string,
    program: Program,
  ): Promise<{ status: number; body: Record<string, unknown> }> =>
    name === 'signer'
      ? post('/token', {
          form: { ...form, client_assertion: await assertionOf(program), client_assertion_type },
        })
      : post('/token', { form, headers: basic(program.id, program.secret) })
  const register = async (name: string): Promise<Program> => {
    // The first `api` is the audience of people's tokens; once it is revoked, others are not.
    const id = name === 'api' && !known.has('api') ? issuer : `${name}-${(count += 1)}`
    const added = await clients.add({
      clientId: id,
      scope: name === 'api' ? 'introspect' : 'orders:read orders:write',
      audiences: [issuer, 'https://api.example.test'],
      ...(name === 'signer' && { jwkSet: { keys: [jwk] } }),
    })
    if (added.status !== 'added') throw new Error(`expected a client, got ${added.status}`)
    return { id, secret: added.secret === undefined ? '' : secrets.keep(added.secret) }
  }
  const find = async (name: string): Promise<Program> => {
    const program = known.get(name)
    const isSound = program !== undefined && (sound.has(name) || (await askFor(name, program)).status === 200)
    const found = isSound ? program : await register(name)
    known.set(name, found)
    sound.add(name)
    return found
  }
  return {
    suspect: () => sound.clear(),
    valueOf: async (name, what) => {
      const program = await find(name)
      if (what === 'basic') return secrets.keep(basic(program.id, program.secret).authorization.slice(6))
      if (what === 'assertion') return assertionOf(program)
      if (what === 'access') return secrets.keep((await askFor(name, program)).body['access_token'] as string)
      return what === 'secret' ? program.secret : program.id
    },
  }
}
