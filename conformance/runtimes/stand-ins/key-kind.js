// @ts-check
/** The name of a kind of key in the pool. */

const aliases = /** @type {Record<string, string>} */ ({
  prime256v1: 'P-256',
  secp384r1: 'P-384',
  secp521r1: 'P-521',
})

/** @param {string} type @param {any} [options] as `generateKeyPairSync` has them */
export function kindOf(type, { namedCurve = '', modulusLength = '', publicExponent = '' } = {}) {
  const size = aliases[namedCurve] ?? (namedCurve || modulusLength)
  const exponent = publicExponent === 65537 ? '' : publicExponent
  return [type, size, exponent].filter((part) => part !== '').join(' ')
}
