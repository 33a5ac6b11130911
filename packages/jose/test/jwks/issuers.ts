/** An issuer without a network, whose keys, answers and clocks a test moves. */
import type { RemoteJwkSetOptions } from '../../src/jwks/index.ts'
import { createRemoteJwkSet, type RemoteJwkSet } from '../../src/jwks/index.ts'
import { pairFor } from '../forge.ts'
import { turn } from '../later.ts'
import { outcomeLater } from '../outcome.ts'

export const jwksUrl = 'https://issuer.example/jwks'

/** The public JWK of a named test key. */
export const publicJwk = (name: string) => ({ ...pairFor('ES256', name).publicJwk, kid: name })

/** Lets everything that is ready happen. */
export const settle = async (): Promise<void> => {
  for (let turn = 0; turn < 20; turn += 1) await Promise.resolve()
  await turn()
}

export interface Issuer {
  /** Seconds: both the clock of ages and the wall clock, apart by `epoch`. */
  now: number
  fetches: number
  names: string[]
  down: boolean
  cacheControl: string | undefined
}

/** The wall clock when the clock of ages shows zero. */
export const epoch = 1_700_000_000

export function issuer(): Issuer {
  return { now: 0, fetches: 0, names: ['a'], down: false, cacheControl: 'max-age=100' }
}

/** A process that trusts the issuer. */
export function processOf(
  state: Issuer,
  options: RemoteJwkSetOptions = {},
): { set: RemoteJwkSet; warnings: string[]; ask: (kid?: string) => Promise<string> } {
  const warnings: string[] = []
  const set = createRemoteJwkSet(jwksUrl, {
    now: () => state.now,
    wallNow: () => epoch + state.now,
    onWarning: (message) => warnings.push(message),
    fetch: async () => {
      state.fetches += 1
      if (state.down) throw new TypeError('fetch failed')
      const headers = state.cacheControl === undefined ? {} : { 'cache-control': state.cacheControl }
      return Promise.resolve(new Response(JSON.stringify({ keys: state.names.map(publicJwk) }), { headers }))
    },
    ...options,
  })
  const ask = async (kid = 'a'): Promise<string> => {
    const outcome = await outcomeLater(() => set.selectKeys({ alg: 'ES256', kid }))
    await settle()
    return outcome
  }
  return { set, warnings, ask }
}
