/** `tessera clients`: the programs that get tokens of their own (RFC 6749 §4.4). */
import { exportJwk, type JwkSet, type SignatureAlgorithm } from '@tessera/jose'
import type { AddClientResult, Client, NewClient, ShownClient } from '@tessera/server'
import { administer } from '../administer.ts'
import type { AddCommand, CommandContext } from '../command.ts'
import { CliFault } from '../fault.ts'
import type { Io } from '../io.ts'
import { toJsonText } from '../json-text.ts'
import { readPublicJwkSet, readVerificationKey } from '../key-file.ts'

interface AddOptions {
  readonly name?: string
  readonly scope?: string
  readonly audience?: readonly string[]
  readonly role?: readonly string[]
  readonly key?: string
  readonly alg?: SignatureAlgorithm
  readonly jwks?: string
  readonly json?: boolean
}

const help = `
The server may run meanwhile: it follows within a second. Settings come from the environment, as for tessera serve.`

const collect = (value: string, others: readonly string[] = []): readonly string[] => [...others, value]

export const addClients: AddCommand = (program, context) => {
  const clients = program
    .command('clients')
    .summary('programs that get tokens of their own')
    .addHelpText('after', help)
  clients
    .command('add <id>')
    .description(
      'Registers a program. It proves itself with a secret, which is told once, or with a key of its own.',
    )
    .option('--name <text>', 'what people call it')
    .option('--scope <scopes>', 'what it may ask for, separated by spaces')
    .option('--audience <api>', 'an API that it may ask tokens for; again for more', collect)
    .option('--role <role>', 'a role that its tokens carry; again for more', collect)
    .option(
      '--key <file>',
      'its key (private_key_jwt), in the place of a secret; only the public half is kept',
    )
    .option('--alg <algorithm>', 'the algorithm of that key, where the file does not say it')
    .option('--jwks <file>', 'its public keys, in the place of a secret')
    .option('--json', 'print one JSON document')
    .action((id: string, options: AddOptions) => add(id, options, context))
  clients
    .command('list')
    .description('Lists the programs that are registered.')
    .option('--json', 'print one JSON document')
    .action((options: { json?: boolean }) => list(options, context))
  clients
    .command('rotate <id>')
    .description('Makes a new secret in the place of the old one, which is good no more; it is told once.')
    .option('--json', 'print one JSON document')
    .action((id: string, options: { json?: boolean }) => rotate(id, options, context))
  clients
    .command('revoke <id>')
    .description('Revokes a program: it gets no more tokens, and those that it has are refused.')
    .option('--json', 'print one JSON document')
    .action((id: string, options: { json?: boolean }) => revoke(id, options, context))
}

async function add(id: string, options: AddOptions, { io }: CommandContext): Promise<void> {
  const { name, scope, audience: audiences, role: roles, json = false } = options
  const jwkSet = await readKeys(options, io)
  const wanted: NewClient = {
    clientId: id,
    ...(name !== undefined && { name }),
    ...(scope !== undefined && { scope }),
    ...(audiences !== undefined && { audiences }),
    ...(roles !== undefined && { roles }),
    ...(jwkSet !== undefined && { jwkSet }),
  }
  const { client, secret, issuer } = await administer(io, async ({ clients, issuer: at }) => {
    const result = added(await clients.add(wanted))
    return { client: clients.show(result.client), secret: result.secret, issuer: at }
  })
  const document = { ...client, ...(secret !== undefined && { client_secret: secret }) }
  const text = json ? toJsonText(document, 0) : describe(client, secret, issuer)
  io.stdout.write(`${text}\n`)
}

async function readKeys({ key, alg, jwks }: AddOptions, io: Io): Promise<JwkSet | undefined> {
  if (key !== undefined && jwks !== undefined)
    throw new CliFault('usage', 'expected --key or --jwks, got both')
  if (jwks !== undefined) return readPublicJwkSet({ path: jwks, io })
  if (key === undefined) return undefined
  const read = await readVerificationKey({ path: key, io }, alg)
  if (read.type !== 'public') {
    throw new CliFault('usage', `${key}: expected a key pair or a public key, got a secret`)
  }
  return { keys: [await exportJwk(read)] }
}

function added(result: AddClientResult): Extract<AddClientResult, { status: 'added' }> {
  if (result.status === 'added') return result
  throw new CliFault(
    'usage',
    result.status === 'invalid' ? result.why : 'the id is taken: choose another one',
  )
}

function describe(
  { client_id: clientId, audiences }: ShownClient,
  secret: string | undefined,
  issuer: string,
): string {
  const lines = [
    `${clientId} is registered. Its tokens are for ${audiences.join(', ')}.`,
    ...(secret === undefined
      ? ['It proves itself with its key (private_key_jwt, RFC 7523).']
      : [
          `Secret, told once:  ${secret}`,
          `Try it:  curl -u '${clientId}:${secret}' -d grant_type=client_credentials ${issuer.replace(/\/$/, '')}/token`,
        ]),
  ]
  return lines.join('\n')
}

async function list({ json = false }: { json?: boolean }, { io, style }: CommandContext): Promise<void> {
  const clients = await administer(io, async (server) =>
    (await readAll(server.clients.list)).map(server.clients.show),
  )
  if (!json && clients.length === 0) {
    io.stdout.write('No program is registered: tessera clients add ID\n')
    return
  }
  const lines = json
    ? [toJsonText({ clients }, 0)]
    : clients.map(({ client_id, authentication, scope, revoked_at }) =>
        [
          client_id.padEnd(24),
          authentication.padEnd(15),
          revoked_at === null ? scope : style.quiet('revoked'),
        ].join('  '),
      )
  io.stdout.write(`${lines.join('\n')}\n`)
}

const pageSize = 100

async function readAll(
  read: (page: { after?: string; limit: number }) => Promise<readonly Client[]>,
): Promise<readonly Client[]> {
  const all: Client[] = []
  for (;;) {
    const after = all.at(-1)?.clientId
    const page = await read({ ...(after !== undefined && { after }), limit: pageSize })
    all.push(...page)
    if (page.length < pageSize) return all
  }
}

async function rotate(
  id: string,
  { json = false }: { json?: boolean },
  { io }: CommandContext,
): Promise<void> {
  const secret = await administer(io, (server) => server.clients.rotateSecret(id))
  if (secret === undefined) {
    throw new CliFault('usage', 'there is no such program, or it has keys in the place of a secret')
  }
  const text = json
    ? toJsonText({ status: 'rotated', client_id: id, client_secret: secret }, 0)
    : `${id} has a new secret; tokens that it got with the old one go on.\nSecret, told once:  ${secret}`
  io.stdout.write(`${text}\n`)
}

async function revoke(
  id: string,
  { json = false }: { json?: boolean },
  { io }: CommandContext,
): Promise<void> {
  const ended = await administer(io, (server) => server.clients.revoke(id))
  if (ended === undefined) {
    throw new CliFault('usage', 'there is no such program, or it is revoked: tessera clients list shows them')
  }
  const text = json
    ? toJsonText({ status: 'revoked', client_id: id }, 0)
    : `${id} is revoked. Guards that follow the revocation feed refuse its tokens within their bound.`
  io.stdout.write(`${text}\n`)
}
