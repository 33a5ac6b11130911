/** `tessera keys`: the signing keys of the server whose settings are in the environment. */
import type { AudienceSecretResult, RevokeResult, RotateResult } from '@tessera/server'
import { administer } from '../administer.ts'
import type { AddCommand, CommandContext } from '../command.ts'
import { CliFault } from '../fault.ts'
import { toJsonText } from '../json-text.ts'

interface KeyOptions {
  readonly json?: boolean
}

const help = `
The server may run meanwhile: it follows within a second. Settings come from the environment, as for tessera serve.`

export const addKeys: AddCommand = (program, context) => {
  const keys = program.command('keys').summary("the server's signing keys").addHelpText('after', help)
  keys
    .command('list')
    .description('Lists the keys that the server signs with, or did.')
    .option('--json', 'print one JSON document')
    .action((options: KeyOptions) => list(options, context))
  keys
    .command('rotate')
    .description('Hands over to the next key now. Tokens of the old one stay good.')
    .option('--json', 'print one JSON document')
    .action((options: KeyOptions) => rotate(options, context))
  keys
    .command('revoke <kid>')
    // An id may begin with a hyphen: what is no option is the argument, and one argument too many is still refused.
    .allowUnknownOption()
    .allowExcessArguments(false)
    .description('Calls a key back after a leak: its tokens are refused, sessions go on.')
    .option('--json', 'print one JSON document')
    .action((kid: string, options: KeyOptions) => revoke(kid, options, context))
  keys
    .command('secret <audience>')
    .description('Tells the secret of one API, where several share one each with the server (HS256).')
    .option('--json', 'print one JSON document')
    .action((audience: string, options: KeyOptions) => tellSecret(audience, options, context))
}

async function list({ json = false }: KeyOptions, { io, style }: CommandContext): Promise<void> {
  const rows = await administer(io, async ({ keys }) => (await keys.list()).map(keys.show))
  const lines = json
    ? [toJsonText({ keys: rows }, 0)]
    : rows.map(({ kid, algorithm, purpose, state, created_at }) =>
        [kid, state.padEnd(7), algorithm.padEnd(7), purpose.padEnd(6), style.quiet(dateOf(created_at))].join(
          '  ',
        ),
      )
  io.stdout.write(`${lines.join('\n')}\n`)
}

function dateOf(seconds: number): string {
  return new Date(seconds * 1000).toISOString().replace('.000', '')
}

async function rotate({ json = false }: KeyOptions, { io }: CommandContext): Promise<void> {
  const result = await administer(io, ({ algorithm, keys }) => keys.rotate(algorithm, 'access'))
  const { message, ok } = describeRotation(result)
  if (!ok) throw new CliFault('usage', message)
  io.stdout.write(json ? `${toJsonText(result, 0)}\n` : `${message}\n`)
}

function describeRotation(result: RotateResult): { ok: boolean; message: string } {
  if (result.status === 'rotated') {
    return {
      ok: true,
      message: `${result.active} signs now; ${result.retired} goes on verifying what it signed.`,
    }
  }
  if (result.status === 'no_key') {
    return {
      ok: false,
      message: 'there are no keys to rotate: the server has not started yet, or shares a secret',
    }
  }
  return {
    ok: false,
    message: `the next key has not been published long enough for every verifier to know it: possible at ${dateOf(result.possibleAt)}; after a leak use tessera keys revoke`,
  }
}

async function revoke(kid: string, { json = false }: KeyOptions, { io }: CommandContext): Promise<void> {
  const result = await administer(io, ({ keys }) => keys.revoke(kid))
  if (result.status !== 'revoked') throw new CliFault('usage', whyNot(result))
  const lines = json
    ? [toJsonText({ status: 'revoked', kid, active: result.active ?? null }, 0)]
    : [
        `${kid} is called back.`,
        'Guards that follow the revocation feed refuse its tokens within their bound; others when they read the JWK Set again.',
        'Sessions go on: clients refresh and get tokens of another key.',
        ...(result.active === undefined ? [] : [`${result.active} signs now.`]),
      ]
  io.stdout.write(`${lines.join('\n')}\n`)
}

/** The secret alone goes to standard output, so that it can be handed on without being seen. */
async function tellSecret(
  audience: string,
  { json = false }: KeyOptions,
  { io }: CommandContext,
): Promise<void> {
  const result = await administer(io, async ({ audienceSecret }) => audienceSecret(audience))
  if (result.status !== 'derived') throw new CliFault('usage', whyNoSecret(result))
  const { secret } = result
  io.stderr.write(
    `This is the secret of ${audience}: who has it can make tokens that this API takes. Give it to no other, and keep TESSERA_JWT_SECRET here.\n`,
  )
  io.stdout.write(json ? `${toJsonText({ audience, secret }, 0)}\n` : `${secret}\n`)
}

function whyNoSecret(result: Exclude<AudienceSecretResult, { status: 'derived' }>): string {
  if (result.status === 'no_secret')
    return 'APIs verify with the published keys: only with TESSERA_ALGORITHM=HS256 are there secrets'
  if (result.status === 'shared')
    return 'there is one API, and its secret is TESSERA_JWT_SECRET itself: with several in TESSERA_AUDIENCE each has its own'
  return `there is no such API: TESSERA_AUDIENCE names ${result.audiences.join(', ')}`
}

function whyNot({ status }: RevokeResult): string {
  return status === 'gone' ? 'the key is gone already' : 'there is no such key: tessera keys list shows them'
}
