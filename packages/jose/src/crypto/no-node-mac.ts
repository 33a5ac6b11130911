/** What bundles for browsers have in place of `node-mac.ts` (`browser` in package.json): HMAC is our own there. */
export const prepareTextMac = (): undefined => undefined
export const fitsTextMac = (): boolean => false
