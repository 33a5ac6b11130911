/** Whom access tokens are for. Every token is for one of them, so that no API can use it against another (RFC 8707 §2). */
import { StartError } from '../start-error.ts'

/** The APIs of a server; the first is meant where a request names none. */
export type Audiences = readonly [string, ...string[]]

/** The one audience of the administration. */
export function adminAudience(issuer: string): string {
  return `${issuer.replace(/\/$/, '')}/admin`
}

/** Why a resource is refused; several came as one text. */
export function notOneResource(resource: string, expected = 'API of this server'): string {
  const got = resource.includes(' ') ? 'several: a token is for one' : 'another'
  return `resource: expected one ${expected}, got ${got}`
}

/** @throws {StartError} `config_invalid` */
export function checkAudiences(wanted: unknown, issuer: string): Audiences {
  const list: readonly unknown[] = Array.isArray(wanted) ? wanted : [wanted]
  const [first, ...others] = list.map((audience) => checkAudience(audience, issuer))
  if (first === undefined) throw invalid('expected the name of at least one API, got none')
  if (new Set(list).size !== list.length) throw invalid('expected each API once, got one twice')
  return [first, ...others]
}

function checkAudience(audience: unknown, issuer: string): string {
  if (typeof audience !== 'string') throw invalid(`expected text, got ${typeof audience}`)
  if (audience.trim() === '') throw invalid('expected text, got an empty one')
  // What is for an API must open no administration, and with a shared secret the API would hold its key (P1, P10).
  if (audience === adminAudience(issuer))
    throw invalid('expected the name of an API, got that of the administration')
  return audience
}

function invalid(why: string): StartError {
  return new StartError('config_invalid', `audience: ${why}`)
}
