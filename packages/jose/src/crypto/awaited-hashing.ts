/** Hashing for a caller that waits anyway. Bundles for browsers have `web-hashing.ts` in its place (`browser` in package.json). */
export { hashing as awaitedHashing } from './hashing.ts'
