/** How the entries of the attack corpus are written down: a rule for a group, a line for each token. */
import type { SignatureRow } from '../jwa/algorithm.ts'
import type { Part } from './raw-token.ts'
import type { TestKey } from './test-key.ts'

/** The kinds of attack, and `control`: good tokens, so that a verifier which refuses everything does not pass. */
export const attackCategories = [
  'alg-none',
  'alg-header',
  'alg-confusion',
  'empty-signature',
  'crit',
  'b64',
  'kid-injection',
  'embedded-key',
  'duplicate-json-keys',
  'prototype',
  'payload-json',
  'header-json',
  'base64',
  'parts',
  'limits',
  'claim-types',
  'wrong-key',
  'signature-bytes',
  'sweeps',
  'control',
] as const

export type AttackCategory = (typeof attackCategories)[number]

/** What is known about an entry before its token is made. */
export interface CorpusEntryInfo {
  /** Its name, the same in every version of the corpus that has it. */
  readonly id: string
  readonly category: AttackCategory
  /** `must`: an RFC or plain safety asks for it; `should`: strictness that closes a door before somebody finds it. */
  readonly level: 'must' | 'should'
  /** What a verifier has to do with it. */
  readonly expected: 'refuse' | 'accept'
  /** What follows when it does not. */
  readonly why: string
  /** The section of an RFC, or the published incident. */
  readonly reference: string
}

/** What tokens are made of: the issuer's side, and the attacker's. */
export interface AttackContext {
  readonly row: SignatureRow
  readonly issuer: string
  readonly audience: string
  readonly now: number
  readonly key: TestKey
  readonly attacker: TestKey
  /** The header of a good token. */
  readonly header: Readonly<Record<string, unknown>>
  /** The claims of a good token. */
  readonly claims: Readonly<Record<string, unknown>>
  /** Signs any header and payload, with the issuer's own key unless another is named. */
  sign(header: Part, payload: Part, key?: TestKey): Promise<string>
}

/** What a recipe gives for an issuer that it cannot be made for. */
export const notApplicable: unique symbol = Symbol('not applicable')

type Make = (context: AttackContext) => unknown

export interface Recipe extends CorpusEntryInfo {
  /** The token, or a promise of it. */
  readonly make: Make
}

/** What the lines of a group share. */
export type Rule = Omit<CorpusEntryInfo, 'id' | 'level' | 'expected'> &
  Partial<Pick<CorpusEntryInfo, 'level' | 'expected'>>

/** A line: the name, the token, and what differs from the rule. */
export type Line = readonly [id: string, make: Make, differs?: Partial<Rule> | undefined]

/** The recipes of a group; what must be refused, unless the rule or the line says otherwise. */
export function recipes(rule: Rule, lines: readonly Line[]): readonly Recipe[] {
  return lines.map(([id, make, differs]) => ({
    level: 'must',
    expected: 'refuse',
    ...rule,
    ...differs,
    id,
    make,
  }))
}

/** Strictness beyond what an RFC asks for. */
export const should = { level: 'should' } as const

/** A token of the issuer whose header differs from a good one; undefined leaves a parameter out. */
export function withHeader(changes: object): Make {
  return ({ header, claims, sign }) => sign({ ...header, ...changes }, claims)
}

/** A token of the issuer whose claims differ from good ones; undefined leaves a claim out. */
export function withClaims(changes: object): Make {
  return ({ header, claims, sign }) => sign(header, { ...claims, ...changes })
}

/** A token of the issuer whose header is another text. */
export function headerText(edit: (text: string) => Part): Make {
  return ({ header, claims, sign }) => sign(edit(JSON.stringify(header)), claims)
}

/** A token of the issuer whose claims are another text. */
export function claimsText(edit: (text: string) => Part): Make {
  return ({ header, claims, sign }) => sign(header, edit(JSON.stringify(claims)))
}

/** A change of the good token's text, as anybody can make it who has seen one. */
export function changed(edit: (token: string, context: AttackContext) => unknown): Make {
  return async (context) => edit(await context.sign(context.header, context.claims), context)
}

/** The text of an object with a member more, written at its end. */
export function append(text: string, member: string): string {
  return `${text.slice(0, -1)},${member}}`
}

/** The text of an object with a member more, written at its beginning. */
export function prepend(text: string, member: string): string {
  return `{${member},${text.slice(1)}`
}
