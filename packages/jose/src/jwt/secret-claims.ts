/** A signed token can be read by anybody who sees it: claims that look like secrets are refused at signing. */
import { shownName } from '../encoding/json.ts'
import { JoseError } from '../errors.ts'

/** Names of claims that look like secrets, as commonly spelled. */
export type SecretClaimName =
  | 'password'
  | 'passwd'
  | 'passphrase'
  | 'secret'
  | 'client_secret'
  | 'clientSecret'
  | 'private_key'
  | 'privateKey'
  | 'card_number'
  | 'cardNumber'
  | 'cvv'
  | 'pin'
  | 'ssn'

/** Claims without any of those names. */
export type NoSecretClaims = { readonly [Name in SecretClaimName]?: never }

const secretNames: ReadonlySet<string> = new Set(
  'password passwd passphrase secret clientsecret privatekey cardnumber cvv pin ssn'.split(' '),
)

/**
 * Checks top-level claim names, in any case and with `_` and `-` left out.
 *
 * @throws {JoseError} `claim_invalid`
 */
export function refuseSecretClaims(names: readonly string[]): void {
  for (let index = 0; index < names.length; index += 1) {
    const claim = names[index]!
    if (claim === lastNames[index] || !looksSecret(claim)) continue
    throw new JoseError(
      'claim_invalid',
      `claim "${shownName(claim)}": looks like a secret, and anybody can read a signed token: leave it out, or use encryptJwt or sealJwt, which hide it; allowSecretClaims: true signs it all the same`,
      { claim },
    )
  }
  lastNames = names
}

/** The last names, none of which looks like a secret: those of the next claims are mostly the same. */
let lastNames: readonly string[] = []

/** Names judged before: the claims of one issuer have the same few. Bounded. */
const judged = new Map<string, boolean>()

function looksSecret(claim: string): boolean {
  const known = judged.get(claim)
  if (known !== undefined) return known
  const isSecret = secretNames.has(claim.toLowerCase().replaceAll(/[_-]/g, ''))
  if (judged.size >= 256) judged.clear()
  judged.set(claim, isSecret)
  return isSecret
}
