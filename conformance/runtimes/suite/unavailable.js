// @ts-check

/**
 * What a test needs and a runtime does not have: the test counts as skipped, with this reason, also when it caught the
 * error as the outcome of a call.
 */
export class Unavailable extends Error {
  /** The last one. @type {Unavailable | undefined} */
  static last
  /** @override */
  name = 'Unavailable'

  /** @param {string} what */
  constructor(what) {
    super(what)
    Unavailable.last = this
  }
}
