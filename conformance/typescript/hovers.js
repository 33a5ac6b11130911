// @ts-check
/**
 * What an editor shows when somebody points at a name: the claims as one object with the members that were asked for, no
 * intersection of helper types. Asked of the language service of each version that has one for programs (7 has none yet).
 */
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { consumer } from './consumer.js'

const program = 'hovers.ts'

/**
 * The beginning of what is shown: an editor cuts a long object short, an old one sooner.
 * @type {{ at: RegExp, shows: string }[]}
 */
const promised = [
  {
    at: /const \{ (?=claims)/,
    shows: `const claims: {
      readonly [x: string]: unknown;
      readonly iss: "https://a";
      readonly aud: string | readonly string[];
      readonly exp: number;
      readonly jti: string;
      readonly sub?: string | undefined;
      readonly nbf?: number | undefined;
      readonly iat?: number | undefined;
      readonly [verified]: true;
    }`,
  },
  { at: /const (?=algorithm)/, shows: 'const algorithm: "ES256"' },
  {
    at: /const (?=access)/,
    shows: `const access: {
      readonly [x: string]: unknown;
      readonly iss: "https://a";
      readonly aud: string | readonly string[];
      readonly sub: string;
      readonly exp: number;
      readonly iat: number;
      readonly jti: string;
      readonly client_id: string;`,
  },
  { at: /const (?=failure)/, shows: 'const failure: JoseError<"expired">' },
  {
    at: /type (?=InvitationClaims)/,
    shows: `type InvitationClaims = {
      readonly [x: string]: unknown;
      readonly iss: "https://a";
      readonly aud: string | readonly string[];
      readonly exp: number;
      readonly email: {} | null;`,
  },
]

/** @param {string} version @returns {{ checks: number, faults: string[] }} */
export function hoverFaults(version) {
  const ts = createRequire(import.meta.url)(`typescript-${version}`)
  if (typeof ts.createLanguageService !== 'function') return { checks: 0, faults: [] }
  const file = join(consumer, program)
  const service = ts.createLanguageService(hostFor(ts, file))
  const text = ts.sys.readFile(file)
  const faults = promised.flatMap(({ at, shows }) => {
    const match = at.exec(text)
    if (match === null) throw new Error(`${program}: nothing fits ${String(at)}`)
    const info = service.getQuickInfoAtPosition(file, match.index + match[0].length)
    const shown = oneLine(ts.displayPartsToString(info?.displayParts ?? []))
    return shown.startsWith(oneLine(shows)) ? [] : [`TypeScript ${version}: an editor shows ${shown}`]
  })
  return { checks: promised.length, faults }
}

/** A newer editor shows the name of the type of dates, an older one what it stands for. @param {string} text */
const oneLine = (text) => text.replaceAll('NumericDate', 'number').replaceAll(/\s+/g, ' ')

/** @param {any} ts @param {string} file */
function hostFor(ts, file) {
  const options = {
    strict: true,
    target: ts.ScriptTarget.ES2022,
    module: ts.ModuleKind.NodeNext,
    moduleResolution: ts.ModuleResolutionKind.NodeNext,
    lib: ['lib.es2022.d.ts', 'lib.dom.d.ts'],
    types: [],
  }
  const read = (/** @type {string} */ path) => ts.sys.readFile(path)
  return {
    getCompilationSettings: () => options,
    getCurrentDirectory: () => consumer,
    getDefaultLibFileName: (/** @type {any} */ given) => ts.getDefaultLibFilePath(given),
    getScriptFileNames: () => [file],
    getScriptVersion: () => '1',
    getScriptSnapshot: (/** @type {string} */ path) =>
      ts.sys.fileExists(path) ? ts.ScriptSnapshot.fromString(read(path)) : undefined,
    fileExists: ts.sys.fileExists,
    readFile: read,
    readDirectory: ts.sys.readDirectory,
    directoryExists: ts.sys.directoryExists,
    getDirectories: ts.sys.getDirectories,
  }
}
