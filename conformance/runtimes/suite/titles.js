// @ts-check
/** Titles of tests that are made from rows. They are the names by which runtimes are compared: the same text everywhere. */

/**
 * The title of one row: `%s` and its kind take the next value, `$name` a member of the first, `%#` the row's number.
 *
 * @param {string} template
 * @param {unknown[]} values
 * @param {number} index
 */
export function titleOf(template, values, index) {
  let next = 0
  const filled = template.replaceAll(/%([sdifjoO#%])/g, (whole, kind) => {
    if (kind === '%') return '%'
    if (kind === '#') return String(index)
    return next < values.length ? written(kind, values[next++]) : whole
  })
  return filled.replaceAll(/\$([A-Za-z_][\w.]*)/g, (whole, path) => {
    const [first] = values
    if (typeof first !== 'object' || first === null) return whole
    const value = String(path)
      .split('.')
      .reduce((/** @type {any} */ at, name) => at?.[name], first)
    return value === undefined ? whole : written('s', value)
  })
}

/** @param {string} kind @param {unknown} value */
function written(kind, value) {
  if (kind === 's' && (typeof value !== 'object' || value === null)) return String(value)
  if (kind === 'd' || kind === 'i' || kind === 'f') return String(Number(value))
  if (typeof value === 'function') return '[function]'
  return asJson(value)
}

/** JSON that never fails and says the same of a value on every runtime. @param {unknown} value @returns {string} */
function asJson(value) {
  try {
    const text = JSON.stringify(value, (_key, inner) => {
      if (typeof inner === 'bigint') return `${inner}n`
      if (ArrayBuffer.isView(inner)) return `[${inner.byteLength} octets]`
      return typeof inner === 'function' || typeof inner === 'symbol' ? `[${typeof inner}]` : inner
    })
    return text ?? String(value)
  } catch {
    return '[object]'
  }
}
