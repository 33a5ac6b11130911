/** What bundles for browsers have in place of `token-engine.ts` (`browser` in package.json): pages verify few tokens. */
export const tokenEngine = (): undefined => undefined
export const useTokenEngine = (): Promise<boolean> => Promise.resolve(false)
