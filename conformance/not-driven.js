// @ts-check
/** A vector that asks for something no driver does. It is counted as left out, with the reason, and never as passed. */
export class NotDriven extends Error {
  /** @param {string} reason */
  constructor(reason) {
    super(reason)
    this.name = 'NotDriven'
  }
}

/** @param {string} reason @returns {never} */
export function notDriven(reason) {
  throw new NotDriven(reason)
}
