/** What Chromium ran of the sources, from V8's own coverage of the bundle and the bundle's source map. */
import { readFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import convert from 'ast-v8-to-istanbul'
import { parseAstAsync } from 'vite'
import { linesOfIstanbul } from './lines.js'

/**
 * @param {string} folder  with `chromium.json`, `suite.js` and `suite.js.map`
 * @param {string} sources  the folder of the files that count
 */
export async function linesOfBrowser(folder, sources) {
  const code = readFileSync(join(folder, 'suite.js'), 'utf8')
  const sourceMap = JSON.parse(readFileSync(join(folder, 'suite.js.map'), 'utf8'))
  const { result } = JSON.parse(readFileSync(join(folder, 'chromium.json'), 'utf8'))
  const [entry] = result.filter((/** @type {{ url: string }} */ { url }) => url.endsWith('/suite.js'))
  const converted = await convert({
    code,
    sourceMap,
    ast: parseAstAsync(code),
    coverage: { ...entry, url: `file://${join(folder, 'suite.js')}` },
  })
  const lines = linesOfIstanbul(converted)
  return new Map([...lines].map(([file, own]) => [sourceAt(file, sources), own]))
}

/** The file itself, wherever the bundle was made: the path below `packages/jose/src/`. @param {string} file @param {string} sources */
function sourceAt(file, sources) {
  const below = file.split('/packages/jose/src/')[1]
  return below === undefined ? relative(sources, file) : join(sources, below)
}
