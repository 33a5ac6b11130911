// @ts-check
/** The routes of an entry by its `api`, and one of them made ready. */
import { notDriven } from '../not-driven.js'
import { verdictOf } from '../verdict.js'
import { decryptionRoutesOf } from './decryption-routes.js'
import { checkOptionNames } from './policy-options.js'
import { verificationRoutesOf } from './verification-routes.js'

/**
 * @typedef {import('./verification-routes.js').Route} Route
 * @typedef {import('./verification-routes.js').Verify} Verify
 */

/** @param {{ jose: any, records: Record<string, any> }} library @param {any} entry @returns {Route[]} */
export function routesOf(library, entry) {
  checkOptionNames(entry.options)
  switch (entry.api) {
    case 'jwt.verify':
    case 'jws.verify':
    case 'jws.verify-json':
      return verificationRoutesOf(library, entry)
    case 'jwt.decrypt':
      return decryptionRoutesOf(library, entry)
    default:
      return notDriven(`entries of ${entry.api} have no driver`)
  }
}

/** The verification of a route; when its key cannot be made, one that refuses everything for that reason. @param {any} jose @param {Route} route @returns {Promise<Verify>} */
export async function openRoute(jose, route) {
  try {
    return await route.prepare(jose, await route.open())
  } catch (error) {
    const verdict = verdictOf(jose, error, 'key')
    return async () => verdict
  }
}
