// @ts-check
/** How many users and sessions the two databases have. */
export const few = 100_000
export const many = 1_000_000

/** @param {number} count */
export const countRow = (count) => `tessera, ${count.toLocaleString('en')}`
