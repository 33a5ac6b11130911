/** What can be wrong with one claim: expected, then got. A message never holds the value of a claim. */
import { kindOf, shownName } from '../encoding/json.ts'
import { Refusal } from '../errors.ts'

/** A claim that has to be there and is not. */
export function missing(claim: string): Refusal {
  return new Refusal('claim_missing', `claim "${shownName(claim)}": expected it in the token, got none`, {
    claim,
  })
}

/** A claim of another kind than expected. */
export function wrongKind(claim: string, expected: string, got: unknown): Refusal {
  return new Refusal('claim_invalid', `claim "${claim}": expected ${expected}, got ${kindOf(got)}`, { claim })
}

/** A claim of the right kind and another value than expected. */
export function mismatch(claim: string, expected: string): Refusal {
  return new Refusal('claim_invalid', `claim "${claim}": expected ${expected}, got another`, { claim })
}

/** Whether a value is a non-empty array of text. */
export function isTextList(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.length > 0 && value.every((item) => typeof item === 'string')
}
