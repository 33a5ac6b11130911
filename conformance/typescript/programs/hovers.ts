// What an editor shows of these names is compared with what we promise: see hovers.js.
import { defineToken, safeVerifyJwt, verifyJwt } from '@tessera/jose'
import type { PublicKey } from '@tessera/jose'

declare const key: PublicKey<'ES256'>
const policy = { issuer: 'https://a', audience: 'api' } as const

export async function shown(): Promise<unknown[]> {
  const { claims, header } = await verifyJwt('t', key, { ...policy, required: ['jti'] })
  const algorithm = header.alg
  const access = (await verifyJwt('t', key, { ...policy, profile: 'at+jwt' })).claims
  const result = await safeVerifyJwt('t', key, policy)
  if (result.ok || result.code !== 'expired') return [claims, access, algorithm]
  const failure = result.error
  return [failure]
}

const Invitation = defineToken({ ...policy, typ: 'invitation+jwt', expiresIn: '7d', required: ['email'] })
export type InvitationClaims = typeof Invitation.$claims
