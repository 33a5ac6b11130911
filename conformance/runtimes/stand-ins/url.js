/** @param {string | URL} url */
export const fileURLToPath = (url) => new URL(url).pathname.replace(/(.)\/$/, '$1')
