/** The keys of a test issuer: which of them signs, and which are published. */
import { JoseError } from '../errors.ts'
import type { SignatureAlgorithm } from '../jwa/algorithm.ts'
import type { JwkSet } from '../jwk/jwk.ts'
import type { VerificationKey } from '../jwk/key.ts'
import type { KeySelector, KeySet } from '../jwk/key-set.ts'
import { createLocalJwkSet } from '../jwks/local.ts'
import type { JwksState } from './issuer-fetch.ts'
import { attackerIndex, makeTestKey, type TestKey } from './test-key.ts'

export interface IssuerKeys {
  readonly attacker: TestKey
  readonly keySet: KeySet
  /** The key that signs. */
  current(): TestKey
  jwks(): JwkSet
  /** Makes another key sign, and publishes it beside the old ones or instead of them. */
  rotate(keepsOld: boolean): Promise<void>
}

/** The keys of an issuer with one algorithm. */
export async function createIssuerKeys(algorithm: SignatureAlgorithm, state: JwksState): Promise<IssuerKeys> {
  const attacker = await makeTestKey(algorithm, attackerIndex)
  let active: readonly TestKey[] = [await makeTestKey(algorithm, 0)]
  let generation = 0
  let select = selectorOf(active)
  const jwks = (): JwkSet => ({
    keys: active.flatMap(({ publicJwk }) => publicJwk ?? []),
  })
  return {
    attacker,
    current: () => active[0]!,
    jwks,
    rotate: async (keepsOld) => {
      generation += 1
      // The attacker's key has the number in between.
      const next = await makeTestKey(algorithm, generation < attackerIndex ? generation : generation + 1)
      active = keepsOld ? [next, ...active] : [next]
      select = selectorOf(active)
    },
    keySet: Object.freeze({
      get generation() {
        return generation
      },
      selectKeys: (selector) => {
        if (state.outage === undefined) return select(selector)
        throw new JoseError(
          'keys_unavailable',
          'the keys of the test issuer are out of reach: jwksUp() ends it',
        )
      },
    } satisfies KeySet),
  }
}

function selectorOf(active: readonly TestKey[]): KeySet['selectKeys'] {
  const published = active.flatMap(({ publicJwk }) => publicJwk ?? [])
  if (published.length > 0) return createLocalJwkSet({ keys: published }).selectKeys
  return ({ alg, kid }: KeySelector) => {
    const keys = active.map(({ signingKey }) => signingKey as VerificationKey)
    const fitting = keys.filter((key) => key.algorithm === alg && (kid === undefined || key.kid === kid))
    if (fitting.length > 0) return fitting
    throw new JoseError('key_not_found', 'test issuer: no secret has the "kid" and "alg" of the token')
  }
}
