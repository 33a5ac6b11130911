/** Every recipe of the corpus, and any one of them by its name. */
import { JoseError } from '../errors.ts'
import { algorithmAttacks } from './attacks/algorithm.ts'
import { claimAttacks } from './attacks/claims.ts'
import { controls } from './attacks/controls.ts'
import { headerAttacks } from './attacks/header.ts'
import { jsonAttacks } from './attacks/json.ts'
import { signatureAttacks } from './attacks/signature.ts'
import { sweeps, textAttacks } from './attacks/text.ts'
import { type AttackContext, notApplicable, type Recipe } from './recipe.ts'

/** The recipes that fit an issuer, some of which may still turn out not to be applicable. */
export function recipesFor(context: AttackContext): readonly Recipe[] {
  return [
    ...algorithmAttacks(context),
    ...headerAttacks,
    ...jsonAttacks,
    ...textAttacks,
    ...claimAttacks,
    ...signatureAttacks(context),
    ...sweeps,
    ...controls,
  ]
}

/** The token of one recipe. @throws {JoseError} `option_invalid` where there is none of this name for this issuer */
export async function forgeToken(id: string, context: AttackContext): Promise<string> {
  const recipe = recipesFor(context).find((one) => one.id === id)
  const token = recipe === undefined ? notApplicable : await recipe.make(context)
  if (typeof token === 'string') return token
  throw new JoseError(
    'option_invalid',
    `forge: expected the name of a token of attackCorpus for ${context.row.algorithm}, got ${recipe === undefined ? 'another' : 'one that is no text here'}`,
  )
}
