/** What to watch out for in a token, seen without verifying it. */
import { toPlainText } from './json-text.ts'

export interface TokenWarning {
  readonly claim: string
  readonly message: string
}

type Members = Readonly<Record<string, unknown>>

/** Above this (the year 5138) a date is milliseconds. */
const latestDate = 1e11

const dates = ['exp', 'nbf', 'iat', 'auth_time']

/** Claim names, lower-case and without `_` and `-`, that promise something secret. */
const secretNames = new Set(
  'password passwd passphrase secret clientsecret privatekey cardnumber cvv pin ssn apikey'.split(' '),
)

/** Everything worth a warning about a header and its claims. */
export function warningsOf(header: Members, claims: Members): TokenWarning[] {
  return [
    ...algorithmWarnings(header),
    ...expiryWarnings(claims),
    ...dates.flatMap((claim) => dateWarnings(claims, claim)),
    ...secretWarnings(claims),
  ]
}

function algorithmWarnings({ alg }: Members): TokenWarning[] {
  if (typeof alg !== 'string') return [{ claim: 'alg', message: 'names no algorithm: nothing can verify it' }]
  if (alg.toLowerCase() === 'none')
    return [{ claim: 'alg', message: 'is none: the token is unsigned, and nobody should accept it' }]
  return []
}

function expiryWarnings(claims: Members): TokenWarning[] {
  return Object.hasOwn(claims, 'exp')
    ? []
    : [{ claim: 'exp', message: 'is missing: the token never expires' }]
}

function dateWarnings(claims: Members, claim: string): TokenWarning[] {
  if (!Object.hasOwn(claims, claim)) return []
  const value = claims[claim]
  if (typeof value !== 'number') {
    const kind = typeof value === 'string' ? 'text: write the number without quotes' : 'no number'
    return [{ claim, message: `is ${kind}; verifiers refuse it` }]
  }
  return value > latestDate
    ? [{ claim, message: 'looks like milliseconds: NumericDate is in seconds, so divide by 1000' }]
    : []
}

function secretWarnings(claims: Members): TokenWarning[] {
  return Object.keys(claims)
    .filter((claim) => secretNames.has(claim.toLowerCase().replaceAll(/[_-]/g, '')))
    .map((claim) => ({
      claim: toPlainText(claim),
      message: 'looks like a secret: anybody who sees the token can read it',
    }))
}
