/** What one hash of a password costs: no less than OWASP asks for, and no more than a log-in may take. */
import { StartError } from '../start-error.ts'

export interface HashParameters {
  readonly memoryKib: number
  readonly passes: number
  readonly lanes: number
}

/** OWASP's second choice, and the DESIGN's: 19 MiB, two passes, one lane. Nothing below it is taken. */
export const leastHashParameters: HashParameters = { memoryKib: 19_456, passes: 2, lanes: 1 }

/** 256 MiB, 16 lanes, and as much work as sixteen of the least: hashes that cost more are not verified either (P29). */
export const mostHash = { memoryKib: 262_144, passes: 16, lanes: 16, work: 1_048_576 } as const

export interface HashSettings {
  readonly hashMemoryKib?: number
  readonly hashPasses?: number
  readonly hashLanes?: number
}

/** @throws {StartError} `config_invalid` */
export function checkHashParameters({ hashMemoryKib, hashPasses, hashLanes }: HashSettings): HashParameters {
  const least = leastHashParameters
  const memoryKib = within('hashMemoryKib', hashMemoryKib ?? least.memoryKib, 'memoryKib')
  const passes = within('hashPasses', hashPasses ?? least.passes, 'passes')
  const lanes = within('hashLanes', hashLanes ?? least.lanes, 'lanes')
  if (memoryKib * passes > mostHash.work) {
    const most = Math.floor(mostHash.work / passes)
    throw invalid('hashMemoryKib', `expected at most ${most} with ${passes} passes, got ${memoryKib}`)
  }
  return { memoryKib, passes, lanes }
}

function within(name: keyof HashSettings, value: unknown, of: keyof HashParameters): number {
  const [least, most] = [leastHashParameters[of], mostHash[of]]
  if (typeof value === 'number' && Number.isInteger(value) && value >= least && value <= most) return value
  throw invalid(name, `expected a whole number from ${least} to ${most}`)
}

function invalid(name: string, why: string): StartError {
  return new StartError('config_invalid', `${name}: ${why}`)
}
