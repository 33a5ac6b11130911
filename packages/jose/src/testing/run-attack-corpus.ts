/** The attack corpus against a verifier of whatever library: what it accepts, what it refuses, and how. */
import { badOption, type OnlyOptions, readFlag, readOptions } from '../options.ts'
import { type CorpusEntry, makeEntries } from './attack-corpus.ts'
import { type AttackReport, type Outcome, summarize } from './attack-report.ts'
import { judge, type Verdict, type VerifierUnderTest } from './judge.ts'
import { attackCategories, type AttackCategory } from './recipe.ts'
import { attackContextOf, type TestIssuer } from './test-issuer.ts'
import { type FetchWatch, watchFetch } from './watch-fetch.ts'

export interface RunAttackCorpusOptions {
  /** The issuer that the verifier trusts. */
  readonly issuer: TestIssuer
  /** The kinds of attack to run. Default: all. Controls are always run. */
  readonly categories?: readonly AttackCategory[]
  /** Leaves out what no HTTP header field can carry, for a verifier that is reached by requests. Default: false. */
  readonly asHeader?: boolean
  /** What counts as slow, in milliseconds, of the fastest of three. Default: 250. */
  readonly slowMs?: number
}

const optionNames = ['issuer', 'categories', 'asHeader', 'slowMs'] as const
const where = 'runAttackCorpus'

/**
 * Runs every attack of `attackCorpus` and every control, one after the other.
 *
 * @throws {JoseError} `option_invalid`
 */
export async function runAttackCorpus<const O extends RunAttackCorpusOptions>(
  verify: VerifierUnderTest,
  options: O & OnlyOptions<O, RunAttackCorpusOptions>,
): Promise<AttackReport> {
  const { issuer, categories, asHeader = false, slowMs = 250 } = readRunOptions(verify, options)
  const made = await makeEntries(
    attackContextOf(issuer, where),
    ({ category }) => category === 'control' || categories === undefined || categories.includes(category),
  )
  const entries = asHeader ? made.filter(({ token }) => isHeaderValue(token)) : made
  const watch = watchFetch()
  try {
    const outcomes: Outcome[] = []
    for (const entry of entries) outcomes.push(await tryEntry(entry, verify, { watch, slowMs }))
    return summarize(outcomes)
  } finally {
    watch.end()
  }
}

function readRunOptions(verify: unknown, options: unknown): RunAttackCorpusOptions {
  const given = readOptions<RunAttackCorpusOptions>(options, optionNames, where)
  if (typeof verify !== 'function') throw badOption(where, 'verify', 'a function of one token', verify)
  const { categories } = given
  if (categories !== undefined && !(Array.isArray(categories) && categories.every(isCategory)))
    throw badOption(where, 'categories', `an array of ${attackCategories.join(', ')}`, categories)
  readFlag(given.asHeader ?? false, 'asHeader', where)
  if (given.slowMs !== undefined && !(typeof given.slowMs === 'number' && given.slowMs > 0))
    throw badOption(where, 'slowMs', 'milliseconds', given.slowMs)
  return given
}

function isCategory(name: unknown): boolean {
  return (attackCategories as readonly unknown[]).includes(name)
}

/** Field values of HTTP (RFC 9110 §5.5) have visible characters and spaces within, and servers take 16 KB at most. */
function isHeaderValue(token: unknown): boolean {
  return typeof token === 'string' && token.length < 16_000 && /^[!-~]([ -~]*[!-~])?$/.test(token)
}

interface Run {
  readonly watch: FetchWatch
  readonly slowMs: number
}

async function tryEntry(
  entry: CorpusEntry,
  verify: VerifierUnderTest,
  { watch, slowMs }: Run,
): Promise<Outcome> {
  let fastest = Infinity
  let verdict: Verdict = { isAccepted: false, refusal: 'not run', wrongError: undefined }
  // A pause of the machine is not the verifier's: the fastest of three counts.
  for (let run = 0; run < 3 && fastest > slowMs; run += 1) {
    const start = performance.now()
    verdict = await judge(entry.token, verify)
    fastest = Math.min(fastest, performance.now() - start)
  }
  const fetched = [...new Set(watch.take())]
  return {
    entry,
    ...verdict,
    slow: fastest > slowMs ? `${fastest.toFixed(0)} ms` : undefined,
    fetched: fetched.length > 0 ? fetched.join(', ') : undefined,
  }
}
