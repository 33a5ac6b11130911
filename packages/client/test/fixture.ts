import {
  createClient,
  memoryStorage,
  type Client,
  type ClientOptions,
  type TokenStorage,
} from '@tessera/client'
import { createFakeClock, type FakeClock } from './fake-clock.ts'
import { createFakeIssuer, issuerUrl, type FakeIssuer } from './fake-issuer.ts'

export const ada = { username: 'ada', password: 'right horse battery' }

export interface Fixture {
  readonly client: Client
  readonly issuer: FakeIssuer
  readonly clock: FakeClock
  readonly storage: TokenStorage
  /** What the storage holds, read as JSON. */
  stored(): Promise<Record<string, unknown> | null>
}

/** A client and its issuer; refresh falls due at 80 of 100 seconds unless `random` says otherwise. */
export function createFixture(options: Partial<ClientOptions> = {}): Fixture {
  const issuer = createFakeIssuer()
  const clock = createFakeClock()
  const storage = options.storage ?? memoryStorage()
  const client = createClient({
    issuer: issuerUrl,
    storage,
    fetch: issuer.fetch,
    clock,
    random: () => 0.5,
    locks: null,
    ...options,
  })
  return {
    client,
    issuer,
    clock,
    storage,
    async stored() {
      const text = await storage.read()
      return text === null ? null : (JSON.parse(text) as Record<string, unknown>)
    },
  }
}

export async function createSignedIn(options: Partial<ClientOptions> = {}): Promise<Fixture> {
  const fixture = createFixture(options)
  await fixture.client.login(ada)
  return fixture
}

/** The error that a promise is rejected with. */
export async function errorOf(promise: Promise<unknown>): Promise<unknown> {
  try {
    await promise
  } catch (error) {
    return error
  }
  throw new Error('expected a rejection, got a value')
}
