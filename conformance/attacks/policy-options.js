// @ts-check
/** The options of an entry in the words of `verifyJwt` and `decryptJwt`. */
import { notDriven } from '../not-driven.js'

const known = new Set([
  'now',
  'algorithms',
  'issuer',
  'audience',
  'subject',
  'typ',
  'requiredClaims',
  'maxAge',
  'clockTolerance',
  'keyManagementAlgorithms',
  'contentEncryptionAlgorithms',
])

/** An option that no driver hands on would make its entry prove something else. @param {any} options */
export function checkOptionNames(options) {
  const unknown = Object.keys(options).find((name) => !known.has(name))
  if (unknown !== undefined) notDriven(`entries with the option ${unknown} have no driver`)
}

/** What `decode` has no option for. @param {any} options */
export function isBeyondDecode(options) {
  return ['subject', 'typ', 'requiredClaims', 'maxAge'].some((name) => options[name] !== undefined)
}

/**
 * `exp` and a type are asked for only where the entry asks for them, so that no token is refused for what it leaves out.
 *
 * @param {any} options
 */
export function policyOptions({
  issuer = null,
  audience = null,
  typ = null,
  subject,
  requiredClaims,
  maxAge,
  ...rest
}) {
  return {
    issuer,
    audience,
    typ,
    requireExp: false,
    ...clockOptions(rest),
    ...(subject === undefined ? {} : { subject }),
    ...(requiredClaims === undefined ? {} : { required: requiredClaims }),
    ...(maxAge === undefined ? {} : { maxAgeSeconds: maxAge }),
  }
}

/** @param {any} options */
export function decodeOptions({ issuer, audience = null, ...rest }) {
  return { audience, ...clockOptions(rest), ...(issuer === undefined ? {} : { issuer }) }
}

/** @param {any} options */
function clockOptions({ now, clockTolerance }) {
  return {
    ...(now === undefined ? {} : { now }),
    ...(clockTolerance === undefined ? {} : { clockToleranceSeconds: clockTolerance }),
  }
}
