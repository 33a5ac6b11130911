/** The options of a profile, read once and made into what is expected of a token of that kind. */
import { JoseError } from '../errors.ts'
import { badOption, readFlag } from '../options.ts'
import { readNames, readSeconds, readText } from './option-values.ts'
import type { ProfilePolicy } from './profile-rules.ts'
import {
  type ProfileName,
  profileNames,
  profileOptions,
  profileRow,
  type ProfileRow,
  untyped,
} from './profiles.ts'

/** The options of verification that speak of a kind of token. */
export interface ProfileOptions {
  /**
   * The kind of token (RFC 8725 §3.12): fixes `typ`, which claims must and must not be there, and their types. Default: none;
   * `typ` alone tells kinds apart.
   */
  readonly profile?: ProfileName
  /** `id_token`: the nonce that was sent with the request. `null` waives. Default: a token that has one is refused. */
  readonly nonce?: string | null
  /** `id_token`: accepted values of `azp`, which several audiences need. `null` waives. Default: those of `audience`. */
  readonly authorizedParty?: string | readonly string[] | null
  /** `id_token`: the access token that came along: `at_hash` must be there and fit it. Default: not looked at. */
  readonly accessToken?: string
  /** `id_token`, `at+jwt`: how long ago the person may have signed in, by `auth_time`, in seconds. Default: any time. */
  readonly maxAuthenticationAgeSeconds?: number
  /** `logout+jwt`, `secevent+jwt`: takes a token without `typ`, or of `JWT`, as older issuers write it. Default: false. */
  readonly allowUntyped?: boolean
}

/** The names of `ProfileOptions`. */
export const profileOptionNames: readonly (keyof ProfileOptions)[] = ['profile', ...profileOptions]

/** The row that the option `profile` names. @throws {JoseError} `option_invalid` */
function readProfile(profile: unknown, where: string): ProfileRow | undefined {
  const row = profileRow(profile)
  if (row === undefined && profile !== undefined)
    throw badOption(where, 'profile', `one of ${profileNames.join(', ')}`, profile)
  return row
}

/** The row of the profile to sign as. @throws {JoseError} `option_invalid`, also for a `typ` beside it */
export function readSignableProfile(
  { profile, typ }: { readonly profile?: ProfileName; readonly typ?: string },
  where: string,
): ProfileRow | undefined {
  const row = readProfile(profile, where)
  if (row !== undefined && typ !== undefined) throw contradiction('typ', profile, where)
  if (row?.typ === 'dpop+jwt')
    throw new JoseError('option_invalid', `${where}: a DPoP proof is made by @tessera/jose/dpop`)
  return row
}

/** What the options expect of a kind of token; undefined without a profile. @throws {JoseError} `option_invalid` */
export function readProfilePolicy(
  given: ProfileOptions & { readonly typ?: unknown; readonly requireExp?: unknown },
  audiences: readonly string[] | null | undefined,
  where: string,
): ProfilePolicy | undefined {
  const row = readProfile(given.profile, where)
  for (const name of profileOptions) {
    if (name in given && row?.options.includes(name) !== true) throw misplaced(name, given.profile, where)
  }
  if (row === undefined) return undefined
  if ('typ' in given) throw contradiction('typ', given.profile, where)
  if (given.requireExp === false && row.required.includes('exp'))
    throw contradiction('requireExp', given.profile, where)
  return {
    row,
    nonce: given.nonce === null ? null : readText(given, 'nonce', where),
    authorizedParties:
      given.authorizedParty === undefined
        ? (audiences ?? undefined)
        : readNames(given, 'authorizedParty', where),
    accessToken: readText(given, 'accessToken', where),
    maxAuthenticationAgeSeconds: readSeconds(given, 'maxAuthenticationAgeSeconds', where),
  }
}

/** The `typ` values that a profile accepts. @throws {JoseError} `option_invalid` */
export function readProfileTypes(row: ProfileRow, allowUntyped: unknown, where: string): readonly string[] {
  return readFlag(allowUntyped === undefined ? false : allowUntyped, 'allowUntyped', where)
    ? [...row.types, ...untyped]
    : row.types
}

function misplaced(option: string, profile: ProfileName | undefined, where: string): JoseError {
  const beside = profile === undefined ? 'without a profile' : `with the profile ${profile}`
  return new JoseError('option_invalid', `${where}: option "${option}" has no meaning ${beside}`)
}

function contradiction(option: string, profile: ProfileName | undefined, where: string): JoseError {
  return new JoseError('option_invalid', `${where}: option "${option}" contradicts the profile ${profile}`)
}
