/** What bundles for browsers have in place of `node-keys.ts` (`browser` in package.json): no key there is Node's. */
export const nodeHas = (): boolean => false
export const nodeKeyKind = (): undefined => undefined
export const importNodeKey = (): undefined => undefined
