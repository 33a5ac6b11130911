/** Scopes (RFC 6749 §3.3) and roles (RFC 9068 §2.2.3.1): what a token allows, and what a resource needs. */
import { JoseError } from '@tessera/jose'
import type { ClaimsSet } from '@tessera/jose'

/** What a resource needs beyond a good token. */
export interface Requirement {
  /** Scopes that the token must have, every one of them: a list, or text separated by spaces. */
  readonly scopes?: string | readonly string[]
  /** Roles of which the token's `roles` claim must have at least one. */
  readonly roles?: string | readonly string[]
}

/** A checked requirement. Empty lists ask for nothing. */
export interface CheckedRequirement {
  /** All of these. */
  readonly scopes: readonly string[]
  /** At least one of each list. */
  readonly roles: readonly (readonly string[])[]
}

/** scope-token of RFC 6749 §3.3: visible ASCII without quote and backslash. */
const scopeToken = /^[\x21\x23-\x5b\x5d-\x7e]+$/

/** The last text of scopes that was split, and what came of it: the tokens of one client have one. */
let last: { readonly text: string; readonly names: readonly string[] } = {
  text: '',
  names: Object.freeze([]),
}

/**
 * The scopes in a token's `scope` claim: text separated by spaces (RFC 8693 §4.2). Any other kind gives none. Frozen: who has
 * the same scopes has the same list.
 */
export function scopesOf(claims: ClaimsSet): readonly string[] {
  const text = claims['scope']
  if (typeof text !== 'string') return []
  if (text !== last.text)
    last = { text, names: Object.freeze(text.split(' ').filter((name) => scopeToken.test(name))) }
  return last.names
}

function rolesOf(claims: ClaimsSet): readonly unknown[] {
  const roles = claims['roles']
  return Array.isArray(roles) ? roles : []
}

function checkNames(option: 'scopes' | 'roles', value: unknown, pattern: RegExp): readonly string[] {
  const list = typeof value === 'string' ? (option === 'scopes' ? value.split(' ') : [value]) : value
  if (!Array.isArray(list)) {
    throw new JoseError('option_invalid', `${option}: expected text or a list, got ${kindOf(value)}`)
  }
  if (list.length === 0) {
    throw new JoseError(
      'option_invalid',
      `${option}: expected at least one name, got an empty list; leave it out instead`,
    )
  }
  if (!list.every((name) => typeof name === 'string' && pattern.test(name))) {
    throw new JoseError('option_invalid', `${option}: expected non-empty names that a token can carry`)
  }
  return Object.freeze([...new Set(list as string[])])
}

function kindOf(value: unknown): string {
  if (value === undefined) return 'undefined: is a variable unset?'
  return value === null ? 'null' : typeof value
}

/**
 * Checks the requirement that a caller wrote.
 *
 * @throws {JoseError} `option_invalid` for an empty list, a value that is present but undefined, or an impossible name
 */
export function checkRequirement(requirement: Requirement): CheckedRequirement {
  const { scopes, roles } = requirement
  return {
    scopes: 'scopes' in requirement ? checkNames('scopes', scopes, scopeToken) : [],
    roles: 'roles' in requirement ? [checkNames('roles', roles, /./s)] : [],
  }
}

/** The requirement that asks for what both ask for. */
export function joinRequirements(one: CheckedRequirement, other: CheckedRequirement): CheckedRequirement {
  return { scopes: [...new Set([...one.scopes, ...other.scopes])], roles: [...one.roles, ...other.roles] }
}

/** Which part of a requirement the claims do not meet, or undefined when they meet all of it. */
export function unmetPart(
  need: CheckedRequirement,
  claims: ClaimsSet,
  scopes: readonly string[],
): 'scopes' | 'roles' | undefined {
  for (const name of need.scopes) if (!scopes.includes(name)) return 'scopes'
  if (need.roles.length === 0) return undefined
  const held = rolesOf(claims)
  return need.roles.every((list) => list.some((name) => held.includes(name))) ? undefined : 'roles'
}
