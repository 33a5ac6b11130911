/** What bundles for browsers have in place of `signature-tables.ts` (`browser` in package.json): pages verify few tokens. */
export const withTables = undefined
export const useTablesAtOnce = (): Promise<boolean> => Promise.resolve(false)
