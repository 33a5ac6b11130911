/** What a run of the attack corpus finds. */
import type { CorpusEntry } from './attack-corpus.ts'
import type { CorpusEntryInfo } from './recipe.ts'
import type { Verdict } from './judge.ts'

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

/** What came of one entry. */
export interface Outcome extends Verdict {
  readonly entry: CorpusEntry
  readonly slow: string | undefined
  readonly fetched: string | undefined
}

/** The report of a whole run. */
export function summarize(outcomes: readonly Outcome[]): AttackReport {
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
