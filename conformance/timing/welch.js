// @ts-check
/**
 * Whether two samples have the same mean: Welch's t-test, after the slowest measurements are cropped at several percentiles
 * (dudect: Reparaz, Balasch, Verbauwhede, “Dude, is my code constant time?”, 2017). Interrupts and collections of garbage
 * come to either class by chance and are far slower than any leak; what is left of both is compared.
 */

/** The parts of the measurements that are kept, one after the other. */
const kept = [1, 0.99, 0.95, 0.9, 0.75, 0.5]

/** @typedef {{ t: number, kept: number, meanDifference: number }} Statistic  the difference of means in nanoseconds */

/**
 * The statistic of the percentile at which the two classes differ most.
 *
 * @param {Float64Array} first nanoseconds of one class
 * @param {Float64Array} second nanoseconds of the other
 * @returns {Statistic}
 */
export function worstStatistic(first, second) {
  const both = Float64Array.from([...first, ...second]).sort()
  const statistics = kept.map((part) => {
    const limit = both[Math.min(both.length - 1, Math.floor(both.length * part))] ?? Number.POSITIVE_INFINITY
    return { ...welch(below(first, limit), below(second, limit)), kept: part }
  })
  return statistics.reduce((worst, one) => (Math.abs(one.t) > Math.abs(worst.t) ? one : worst))
}

/** @param {Float64Array} values @param {number} limit */
const below = (values, limit) => values.filter((value) => value <= limit)

/**
 * Welch's t.
 *
 * @param {Float64Array} first
 * @param {Float64Array} second
 * @returns {{ t: number, meanDifference: number }}
 */
export function welch(first, second) {
  const [a, b] = [moments(first), moments(second)]
  const error = Math.sqrt(a.variance / first.length + b.variance / second.length)
  const meanDifference = a.mean - b.mean
  return { t: error === 0 || Number.isNaN(error) ? 0 : meanDifference / error, meanDifference }
}

/** @param {Float64Array} values */
function moments(values) {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length
  const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (values.length - 1)
  return { mean, variance }
}
