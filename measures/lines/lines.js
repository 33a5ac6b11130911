/**
 * Lines that ran, by file. A line counts where a statement begins on it, and how often is how often the most frequent of
 * those ran.
 *
 * @typedef {Map<string, Map<number, number>>} Lines
 */

/** @param {Record<string, { statementMap: Record<string, { start: { line: number } }>, s: Record<string, number> }>} coverage */
export function linesOfIstanbul(coverage) {
  /** @type {Lines} */
  const files = new Map()
  for (const [file, { statementMap, s }] of Object.entries(coverage)) {
    const lines = new Map()
    for (const [id, { start }] of Object.entries(statementMap))
      lines.set(start.line, Math.max(lines.get(start.line) ?? 0, s[id] ?? 0))
    files.set(file, lines)
  }
  return files
}

/**
 * Every line that the first knows, with what ran of it anywhere. The first is made from the sources themselves, and the
 * others from bundles, where a statement may seem to begin elsewhere.
 *
 * @param {readonly Lines[]} parts @returns {Lines}
 */
export function mergeLines([first = new Map(), ...others]) {
  return new Map(
    [...first].map(([file, lines]) => [
      file,
      new Map(
        [...lines].map(([line, count]) => [
          line,
          others.reduce((sum, other) => sum + (other.get(file)?.get(line) ?? 0), count),
        ]),
      ),
    ]),
  )
}
