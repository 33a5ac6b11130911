/** Every published way to fool a verifier, made for one issuer's own keys. */
import { recipesFor } from './all-recipes.ts'
import { type AttackContext, type CorpusEntryInfo, notApplicable } from './recipe.ts'
import { attackContextOf, type TestIssuer } from './test-issuer.ts'

/** A token with what a verifier has to do with it. */
export interface CorpusEntry extends CorpusEntryInfo {
  /** Nearly always text; some entries hand in what is none. */
  readonly token: unknown
}

/**
 * Attacks on a verifier that trusts an issuer's keys, its `iss` and its `aud`, and good tokens that it must accept.
 *
 * @param issuer - what `createTestIssuer` gave; its clock decides the dates
 * @throws {JoseError} `option_invalid` for anything else
 */
export async function attackCorpus(issuer: TestIssuer): Promise<readonly CorpusEntry[]> {
  return makeEntries(attackContextOf(issuer, 'attackCorpus'), () => true)
}

/** The entries of an issuer that are wanted, each token once; no others are made. */
export async function makeEntries(
  context: AttackContext,
  isWanted: (info: CorpusEntryInfo) => boolean,
): Promise<readonly CorpusEntry[]> {
  const entries: CorpusEntry[] = []
  const seen = new Set<unknown>()
  for (const recipe of recipesFor(context).filter(isWanted)) {
    const { make, ...info } = recipe
    const token = await make(context)
    // A sweep comes by tokens that have a name of their own.
    if (token === notApplicable || seen.has(token)) continue
    seen.add(token)
    entries.push({ ...info, token })
  }
  return entries
}
