/** What the compiler says of options, before a verifier says it at run time: types only. */
import type { SignatureAlgorithm } from '../jwa/algorithm.ts'
import type { VerificationKey } from '../jwk/key.ts'
import type { OnlyOptions } from '../options.ts'
import type { OptionsFittingProfile } from './profile-claims.ts'
import type { AlgorithmOf } from './verified.ts'

/** Makes a compile error of unknown names, of options that contradict a profile, and of algorithms that no key is for. */
export type FittingOptions<Given, Allowed, K> = OnlyOptions<Given, Allowed> &
  OptionsFittingProfile<Given> &
  AlgorithmsFittingKey<Given, K>

/**
 * A key takes a list that has its algorithm in it; a key set and a raw secret take no name that none of their keys can be
 * for: HS256 has no place beside a JWK Set. A list that the compiler does not know is judged at run time.
 */
type AlgorithmsFittingKey<Given, K> = Given extends { algorithms: readonly (infer A)[] }
  ? SignatureAlgorithm extends A
    ? unknown
    : Fits<A, K> extends true
      ? unknown
      : { readonly algorithms: readonly AlgorithmOf<K>[] }
  : unknown

type Fits<A, K> = [A] extends [AlgorithmOf<K>]
  ? true
  : [K] extends [VerificationKey]
    ? [Extract<A, AlgorithmOf<K>>] extends [never]
      ? false
      : true
    : false
