/**
 * Every endpoint, by the document that the server serves: requests that are made for it and requests that nobody means. No
 * answer is a fault of the server, and each is what the document and the standards say. `npm run fuzz:server`.
 */
import type { AddressInfo } from 'node:net'
import fc from 'fast-check'
import { afterAll, describe, expect, onTestFinished, test } from 'vitest'
import { openApiText } from '../../src/routes/reference/openapi.ts'
import { createHttpServer, listenerOf } from '../../src/stand-alone/start-server.ts'
import type { TestServer } from '../create-test-server.ts'
import { issuer } from '../create-test-server.ts'
import { readContract } from './contract.ts'
import type { Operation } from './contract.ts'
import { goodRequest } from './good-requests.ts'
import { faultOf } from './judge.ts'
import { mutation } from './mutations.ts'
import { openWorldParts } from './open-world.ts'
import type { FuzzRequest, Send } from './request.ts'
import { overHttp, sendRequest } from './request.ts'
import { createTally } from './tally.ts'
import type { World } from './world.ts'
import { createWorld } from './world.ts'

const requests = Number(process.env['TESSERA_FUZZ_REQUESTS'] ?? 2000)
const seed = Number(process.env['TESSERA_FUZZ_SEED'] ?? 1)

const contract = readContract(openApiText(issuer))
const tally = createTally(contract)

/** Good as it is every third time, else with up to three changes. */
function requestOf(operation: Operation): fc.Arbitrary<FuzzRequest> {
  return fc
    .tuple(
      goodRequest(operation),
      fc.oneof(
        fc.constant([]),
        fc.array(mutation, { minLength: 1, maxLength: 2 }),
        fc.array(mutation, { minLength: 1, maxLength: 3 }),
      ),
    )
    .map(([request, changes]) => changes.reduce((changed, change) => change(changed), request))
}

async function check(world: World, request: FuzzRequest, send: Send): Promise<void> {
  const began = performance.now()
  const seen = await sendRequest(world, request, send)
  tally.note(seen, performance.now() - began)
  const fault = faultOf(seen, contract, world)
  world.learn(seen)
  if (fault !== undefined) {
    throw new Error(`${fault}\n${seen.method} ${seen.path}: ${seen.status} ${seen.body.slice(0, 300)}`)
  }
}

/** The smallest request found whose answer is not right, and what is wrong with it; undefined when all are right. */
async function faultIn(
  arbitrary: fc.Arbitrary<FuzzRequest>,
  numRuns: number,
  { world, send }: Setup,
): Promise<string | undefined> {
  const property = fc.asyncProperty(arbitrary, (request) => check(world, request, send))
  return fc.asyncDefaultReportMessage(await fc.check(property, { seed, numRuns, includeErrorInReport: true }))
}

interface Setup {
  readonly world: World
  readonly send: Send
}

async function setUp(config: Parameters<typeof openWorldParts>[0] = {}): Promise<Setup> {
  const world = await createWorld(await openWorldParts(config))
  const { handle } = world.server
  const send: TestServer['handle'] = (request, info) => handle(request, info)
  return { world, send: Object.assign(send, { isLocal: false }) }
}

/** The same server behind the stand-alone one's own HTTP. */
async function listen({ handle, answer }: TestServer): Promise<Send> {
  const server = createHttpServer(listenerOf({ answer }))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => void server.close())
  return overHttp((server.address() as AddressInfo).port, handle)
}

/** How the requests are shared out: each operation by itself, then all of them in turn, where one meets what another did. */
const each = Math.ceil((requests * 0.5) / contract.operations.length)
const mixed = Math.ceil(requests * 0.2)
const throttled = Math.ceil(requests * 0.1)
const wired = Math.ceil(requests * 0.2)
const timeout = 3_600_000

afterAll(() => tally.print())

const any = fc.oneof(...contract.operations.map(requestOf))

describe('each endpoint answers as the document says, and never with a fault', () => {
  test.each(contract.operations.map((operation) => [operation.name, operation] as const))(
    '%s',
    async (_, operation) => {
      expect(await faultIn(requestOf(operation), each, await setUp())).toBeUndefined()
    },
    timeout,
  )
})

describe('so do all of them in turn', () => {
  test(
    'in one server',
    async () => {
      expect(await faultIn(any, mixed, await setUp())).toBeUndefined()
    },
    timeout,
  )

  test(
    'where attempts are limited',
    async () => {
      expect(await faultIn(any, throttled, await setUp({ throttle: 'on' }))).toBeUndefined()
    },
    timeout,
  )

  test(
    'over HTTP',
    async () => {
      const { world } = await setUp()
      const send = await listen(world.server)
      expect(await faultIn(any, wired, { world, send })).toBeUndefined()
    },
    timeout,
  )
})

/** Fewer requests meet the rarest of them by luck alone. */
const enough = 50_000

test.runIf(requests >= enough)('every endpoint gave its good answers', () => {
  const good = contract.operations.flatMap(({ name, good }) => good.map((status) => `${name} ${status}`))
  const unseen = tally.unseen()
  expect(unseen.filter((line) => good.includes(line))).toEqual([])
})
