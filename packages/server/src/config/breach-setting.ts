/** Whether new passwords are looked up in lists of stolen ones, and where. */
import { isSecureScheme } from '@tessera/jose/encoding'
import { StartError } from '../start-error.ts'

/** Have I Been Pwned, whose list of stolen passwords can be asked by the first five digits of a digest. */
const publicAddress = 'https://api.pwnedpasswords.com/range/'

/**
 * The address that five digits are put behind; undefined: nothing is looked up.
 *
 * @throws {StartError} `config_invalid`
 */
export function checkBreachCheck(setting: unknown): string | undefined {
  if (setting === 'off') return undefined
  if (setting === 'on') return publicAddress
  const url = typeof setting === 'string' && URL.canParse(setting) ? new URL(setting) : undefined
  if (url === undefined || !isSecureScheme(url)) {
    throw invalid('expected off, on, or the https address of a mirror (http on this machine only)')
  }
  if (url.search !== '' || url.hash !== '' || url.username !== '' || url.password !== '') {
    throw invalid('expected an address without user, query and fragment')
  }
  return url.href.replace(/\/*$/, '/')
}

function invalid(why: string): StartError {
  return new StartError('config_invalid', `breachCheck: ${why}`)
}
