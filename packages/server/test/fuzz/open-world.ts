/** A server to be fuzzed, with its administration and what it sends to people. */
import type { UserAdministration } from '../../src/accounts/user-administration.ts'
import { createUserAdministration } from '../../src/accounts/user-administration.ts'
import { createHasher } from '../../src/accounts/hasher.ts'
import type { ClientAdministration } from '../../src/clients/client-administration.ts'
import type { Message, ServerConfig } from '../../src/config/server-config.ts'
import type { Reply, SendOptions, TestServer } from '../create-test-server.ts'
import { cheapHash, createTestServer } from '../create-test-server.ts'
import { clientsOf } from '../register-client.ts'

/** The page that may call the server. */
export const pageOrigin = 'https://app.example.test'

export interface WorldParts {
  readonly server: TestServer
  readonly users: Pick<UserAdministration, 'add' | 'disable'>
  readonly clients: Pick<ClientAdministration, 'add'>
  readonly messages: readonly Message[]
}

/** Sends a good request. */
export type Post = (path: string, request: SendOptions) => Promise<Reply>

export async function openWorldParts(config: Partial<ServerConfig> = {}): Promise<WorldParts> {
  const messages: Message[] = []
  const sendMessage = (message: Message): void => {
    messages.push(message)
    // Nobody asks for older ones.
    if (messages.length > 50) messages.shift()
  }
  const server = await createTestServer({
    config: { origins: [pageOrigin], throttle: 'off', sendMessage, ...config },
  })
  const { store, nowMs } = server
  const hasher = createHasher({ parameters: cheapHash })
  const users = createUserAdministration({ store, hasher, keepSeconds: 660, nowMs })
  return { server, users, clients: clientsOf(server), messages }
}
