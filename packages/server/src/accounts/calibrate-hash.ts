/** Which Argon2id parameters this machine can afford: measured, as a busy server hashes, with every core at work. */
import { availableParallelism, totalmem } from 'node:os'
import type { HashParameters } from '../config/hash-parameters.ts'
import { leastHashParameters, mostHash } from '../config/hash-parameters.ts'
import { createHasher } from './hasher.ts'

export interface CalibrateHashOptions {
  /** How long one hash may take, in milliseconds, while every core hashes. Default 250. */
  readonly targetMs?: number
  /** Memory of one hash at most, in KiB. Default what all of a full pool may have: a quarter of this machine's. */
  readonly mostMemoryKib?: number
  /** How long one hash takes, in milliseconds. Default the median of three rounds on this machine. */
  readonly measure?: (parameters: HashParameters) => Promise<number>
}

export interface HashCalibration {
  /** Never below the least that a server takes. */
  readonly parameters: HashParameters
  readonly milliseconds: number
  /** Of the least parameters; above `targetMs` there is nothing to choose. */
  readonly leastMilliseconds: number
  /** Hashes at once, and so log-ins in `milliseconds`. */
  readonly concurrency: number
  /** What a full pool takes, known devices' slots included. */
  readonly poolMemoryKib: number
}

/** Steps down from a guess; each is nearer, since work grows with memory and with passes. */
const mostSteps = 8

/**
 * Memory first, then passes (RFC 9106 §4): memory is what an attacker's hardware cannot share. One lane, because a server
 * hashes as many passwords at once as it has cores.
 */
export async function calibrateHash(options: CalibrateHashOptions = {}): Promise<HashCalibration> {
  const { targetMs = 250, measure = measureHash } = options
  const most = Math.max(leastHashParameters.memoryKib, memoryCap(options.mostMemoryKib))
  const leastMilliseconds = await measure(leastHashParameters)
  const found = await growMemory({ measure, targetMs, most, leastMilliseconds })
  const { parameters, milliseconds } =
    found.parameters.memoryKib === most ? await growPasses(found, measure, targetMs) : found
  const concurrency = availableParallelism()
  const poolMemoryKib = parameters.memoryKib * slotsOf(concurrency)
  return { parameters, milliseconds, leastMilliseconds, concurrency, poolMemoryKib }
}

interface Measured {
  readonly parameters: HashParameters
  readonly milliseconds: number
}

interface Growth {
  readonly measure: (parameters: HashParameters) => Promise<number>
  readonly targetMs: number
  readonly most: number
  readonly leastMilliseconds: number
}

async function growMemory({ measure, targetMs, most, leastMilliseconds }: Growth): Promise<Measured> {
  const least = { parameters: leastHashParameters, milliseconds: leastMilliseconds }
  const { memoryKib } = leastHashParameters
  let next = Math.min(most, (memoryKib * targetMs) / leastMilliseconds)
  for (let step = 0; step < mostSteps; step += 1) {
    // Whole MiB, unless it is the most that there may be.
    const memory = next === most ? most : Math.floor(next / 1024) * 1024
    if (memory <= memoryKib) return least
    const parameters = { ...leastHashParameters, memoryKib: memory }
    const milliseconds = await measure(parameters)
    if (milliseconds <= targetMs) return { parameters, milliseconds }
    next = Math.min(memory - 1024, (memory * targetMs) / milliseconds)
  }
  return least
}

async function growPasses(found: Measured, measure: Growth['measure'], targetMs: number): Promise<Measured> {
  const { memoryKib, passes: fewest } = found.parameters
  const most = Math.min(mostHash.passes, Math.floor(mostHash.work / memoryKib))
  let passes = Math.min(most, Math.floor((fewest * targetMs) / found.milliseconds))
  for (; passes > fewest; passes -= 1) {
    const parameters = { ...found.parameters, passes }
    const milliseconds = await measure(parameters)
    if (milliseconds <= targetMs) return { parameters, milliseconds }
  }
  return found
}

/** A server's pool has a quarter as many slots again for known devices. */
function slotsOf(concurrency: number): number {
  return concurrency + Math.max(1, Math.ceil(concurrency / 4))
}

function memoryCap(wantedKib: number | undefined): number {
  // Of a container it is the container's, where it has a bound of its own.
  const bytes = Math.min(totalmem(), process.constrainedMemory() || Infinity)
  const sharedKib = Math.floor(bytes / 1024 / 4 / slotsOf(availableParallelism()))
  return Math.min(mostHash.memoryKib, wantedKib ?? sharedKib)
}

async function measureHash(parameters: HashParameters): Promise<number> {
  const concurrency = availableParallelism()
  const hasher = createHasher({ parameters, concurrency })
  const rounds: number[] = []
  for (let round = 0; round < 3; round += 1) {
    const startMs = performance.now()
    await Promise.all(Array.from({ length: concurrency }, () => hasher.hash('a password that is measured')))
    rounds.push(performance.now() - startMs)
  }
  return rounds.sort((one, other) => one - other)[1]!
}
