/** Where the stand-alone server hands one-time tokens over, from `TESSERA_MESSAGES` and what belongs to it. */
import { isAbsolute, join } from 'node:path'
import { isSecureScheme } from '@tessera/jose/encoding'
import { StartError } from '../start-error.ts'

export type MessageSetting = {
  /** The page that links lead to; the token comes behind `#`. */
  readonly page: string | undefined
} & (
  | { readonly kind: 'file'; readonly path: string }
  | { readonly kind: 'command'; readonly program: string }
  | { readonly kind: 'webhook'; readonly url: string; readonly secret: string }
)

export interface MessageVariables {
  readonly messages: string | undefined
  readonly secret: string | undefined
  readonly page: string | undefined
  readonly production: boolean
  /** Where `.tessera/` lies. */
  readonly directory: string
}

/**
 * Undefined: nothing is delivered, and the endpoints that would are not found. Outside production a file is the default, so
 * that everything can be tried.
 *
 * @throws {StartError} `config_invalid` for what is unsafe or unknown
 */
export function readMessageSetting(variables: MessageVariables): MessageSetting | undefined {
  const { messages, secret, production, directory } = variables
  const page =
    variables.page === undefined ? undefined : checkAddress('TESSERA_MESSAGES_PAGE', variables.page)
  const setting = messages ?? (production ? 'off' : 'file:.tessera/messages.jsonl')
  if (secret !== undefined && !/^https?:/.test(setting)) {
    throw invalid('TESSERA_MESSAGES_SECRET', 'expected with a webhook in TESSERA_MESSAGES only')
  }
  if (setting === 'off') return undefined
  const [, kind, rest = ''] = /^(file|command):(.+)$/s.exec(setting) ?? []
  const path = isAbsolute(rest) ? rest : join(directory, rest)
  if (kind === 'file') {
    if (!production) return { kind, path, page }
    throw invalid(
      'TESSERA_MESSAGES',
      'expected command: or a webhook in production: tokens do not lie in a file',
    )
  }
  if (kind === 'command') return { kind, program: path, page }
  return {
    kind: 'webhook',
    url: checkAddress('TESSERA_MESSAGES', setting),
    secret: checkSecret(secret),
    page,
  }
}

function checkAddress(name: string, text: string): string {
  const url = URL.canParse(text) ? new URL(text) : undefined
  if (url === undefined || !isSecureScheme(url)) {
    const others = name === 'TESSERA_MESSAGES' ? 'off, file:PATH, command:PROGRAM or ' : ''
    throw invalid(name, `expected ${others}an https address (http on this machine only)`)
  }
  if (url.hash !== '' || url.username !== '' || url.password !== '') {
    throw invalid(name, 'expected an address without user and fragment')
  }
  return text
}

/** Whoever could post there could also read along: the receiver must know that it is this server. */
function checkSecret(secret: string | undefined): string {
  if (secret !== undefined && Buffer.byteLength(secret) >= 32) return secret
  throw invalid(
    'TESSERA_MESSAGES_SECRET',
    'expected 32 bytes or more, which the webhook gets as a bearer token',
  )
}

function invalid(name: string, why: string): StartError {
  return new StartError('config_invalid', `${name}: ${why}`)
}
