/** What bundles for browsers have in place of `node-signature.ts` (`browser` in package.json): no key there is Node's. */
export const prepareNodeVerify = undefined
export const prepareNodeSign = undefined
export const asciiOctets = undefined
