// @ts-check
/** What is fuzzed: each target makes an input from its number and says which calls must give one verdict on it. */
import { encryptedTargets } from './encrypted-targets.js'
import { keyTargets } from './key-targets.js'
import { optionTargets } from './option-targets.js'
import { signedTargets } from './signed-targets.js'

/**
 * @typedef {object} Target
 * @property {string} name
 * @property {number} weight how often, relative to the others
 * @property {boolean} [isAsync] whether its calls answer with promises
 * @property {boolean} [isStateful] reading an input may change it (getters): each call gets one of its own
 * @property {(random: import('./random.js').Random) => any} make
 * @property {(input: any) => boolean} [mayBeAccepted] whether the input is good, found without the library
 * @property {(input: any) => (() => unknown)[]} calls ways to read the input; all of them give the same verdict
 */

/** Every target, over one library or several. @param {readonly import('./subject.js').Subject[]} subjects @returns {Target[]} */
export function allTargets(subjects) {
  return [
    ...signedTargets(subjects),
    ...encryptedTargets(subjects),
    ...keyTargets(subjects),
    ...optionTargets(subjects),
  ]
}
