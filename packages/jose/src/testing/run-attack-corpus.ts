/** The attack corpus against a verifier of whatever library: what it accepts, what it refuses, and how. */
import { badOption, type OnlyOptions, readFlag, readOptions } from '../options.ts'
import { type CorpusEntry, makeEntries } from './attack-corpus.ts'
import { attackCategories, type AttackCategory, type CorpusEntryInfo } from './recipe.ts'
import { attackContextOf, type TestIssuer } from './test-issuer.ts'
import { type FetchWatch, watchFetch } from './watch-fetch.ts'

/**
 * A verifier as a test hands it in. It refuses by throwing, by a promise that is rejected, or by giving `null`, `undefined`,
 * `false` or an object with `ok: false`; whatever else it gives counts as acceptance.
 */
export type VerifierUnderTest = (token: string) => unknown

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

/** An entry with what went wrong. */
export interface Finding extends CorpusEntryInfo {
  readonly detail: string
}

export interface AttackReport {
  /** Attacks that were run. */
  readonly total: number
  readonly refused: number
  /** Attacks that were accepted. This list should be empty. */
  readonly accepted: readonly Finding[]
  /** Good tokens that were run. */
  readonly controls: number
  /** Good tokens that were refused: the verifier is wrong, or does not trust this issuer at all. */
  readonly controlsRefused: readonly Finding[]
  /** Refusals by accident: a `TypeError` from inside, or something thrown that is no Error. */
  readonly wrongErrors: readonly Finding[]
  readonly slow: readonly Finding[]
  /** Requests that were made because a token said so. */
  readonly fetched: readonly Finding[]
  /** Whether all of these lists are empty. */
  readonly ok: boolean
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

/** What came of one entry. */
interface Outcome {
  readonly entry: CorpusEntry
  readonly isAccepted: boolean
  /** How it was refused, where that was no refusal. */
  readonly wrongError: string | undefined
  readonly refusal: string
  readonly slow: string | undefined
  readonly fetched: string | undefined
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
  let fastest = Number.POSITIVE_INFINITY
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

type Verdict = Pick<Outcome, 'isAccepted' | 'refusal' | 'wrongError'>

async function judge(token: unknown, verify: VerifierUnderTest): Promise<Verdict> {
  try {
    const result = await verify(token as string)
    const isAccepted = !isRefusal(result)
    return { isAccepted, refusal: isAccepted ? 'accepted' : `gave ${String(result)}`, wrongError: undefined }
  } catch (error) {
    return {
      isAccepted: false,
      refusal: sayError(error),
      wrongError: isAccident(error) ? sayError(error) : undefined,
    }
  }
}

function isRefusal(result: unknown): boolean {
  if (result === null || result === undefined || result === false) return true
  return typeof result === 'object' && (result as { ok?: unknown }).ok === false
}

const accidents: ReadonlySet<string> = new Set([
  'TypeError',
  'RangeError',
  'ReferenceError',
  'SyntaxError',
  'URIError',
  'EvalError',
])

/** An error of the language itself was meant for nobody: the code did not expect this token. */
function isAccident(error: unknown): boolean {
  return !(error instanceof Error) || accidents.has(error.name)
}

function sayError(error: unknown): string {
  return error instanceof Error ? `${error.name}: ${error.message.slice(0, 120)}` : `threw ${typeof error}`
}

function summarize(outcomes: readonly Outcome[]): AttackReport {
  const attacks = outcomes.filter(({ entry }) => entry.expected === 'refuse')
  const controls = outcomes.filter(({ entry }) => entry.expected === 'accept')
  const accepted = attacks.filter(({ isAccepted }) => isAccepted)
  const lists = {
    accepted: accepted.map((one) => finding(one, 'accepted')),
    controlsRefused: controls.filter(({ isAccepted }) => !isAccepted).map((one) => finding(one, one.refusal)),
    wrongErrors: findings(attacks, 'wrongError'),
    slow: findings(outcomes, 'slow'),
    fetched: findings(outcomes, 'fetched'),
  }
  return {
    total: attacks.length,
    refused: attacks.length - accepted.length,
    controls: controls.length,
    ...lists,
    ok: Object.values(lists).every((list) => list.length === 0),
  }
}

function findings(outcomes: readonly Outcome[], name: 'wrongError' | 'slow' | 'fetched'): readonly Finding[] {
  return outcomes.flatMap((one) => (one[name] === undefined ? [] : [finding(one, one[name])]))
}

function finding({ entry: { token: _token, ...info } }: Outcome, detail: string): Finding {
  return { ...info, detail }
}
