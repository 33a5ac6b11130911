/** How long a token may be, by its algorithm. */

/** Characters of a token at most, checked before anything else looks at it. */
export const maximumTokenLength = 16_384

/** The same for a token with a post-quantum signature, which alone takes up to 6170 characters (FIPS 204 §4). */
export const maximumLongTokenLength = 65_536

/** Characters that a token of this algorithm may have. */
export function maximumLengthFor(algorithm: unknown): number {
  const isLong = typeof algorithm === 'string' && algorithm.startsWith('ML-DSA-')
  return isLong ? maximumLongTokenLength : maximumTokenLength
}
