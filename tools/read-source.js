// @ts-check
/**
 * Reads what a check wants to know of a TypeScript file: its imports and the global names it mentions. The compiler's
 * own reader has no JavaScript face in TypeScript 7; the grammar needed here is small: comments, strings, templates
 * and regular expressions have to be told from code, nothing else.
 */

/**
 * @typedef {object} Import
 * @property {string} specifier
 * @property {boolean} typeOnly   the whole statement is erased by the compiler
 */

const regexAfterPunctuation = /[(,=:[!&|?{};+\-*%~^<>]$/
const regexAfterWord = /\b(return|typeof|case|in|of|do|else|void|delete|throw|new|await|yield)$/

/** @param {string} code what stands before a slash */
function startsRegex(code) {
  const before = code.trimEnd()
  return before === '' || regexAfterPunctuation.test(before) || regexAfterWord.test(before)
}

/** The end of a quoted string or a regular expression that starts at `from`. @param {string} text @param {number} from */
function endOfLiteral(text, from) {
  const quote = text[from]
  let inClass = false
  for (let i = from + 1; i < text.length; i++) {
    const char = text[i]
    if (char === '\\') i++
    else if (char === '\n') return i
    else if (quote === '/' && char === '[') inClass = true
    else if (quote === '/' && char === ']') inClass = false
    else if (char === quote && !inClass) return i + 1
  }
  return text.length
}

/**
 * The code alone: comments, regular expressions and the text of templates are gone; the n-th quoted string stands as
 * `§n§`. Expressions inside templates stay.
 *
 * @param {string} text
 * @returns {{ code: string, strings: string[] }}
 */
export function maskSource(text) {
  /** @type {string[]} */
  const strings = []
  /** Depth of braces at which each open template expression ends. @type {number[]} */
  const templates = []
  let code = ''
  let depth = 0
  let i = 0
  const skipTemplate = () => {
    while (i < text.length && text[i] !== '`') {
      if (text.startsWith('${', i)) {
        templates.push(depth++)
        i += 2
        code += '{'
        return
      }
      i += text[i] === '\\' ? 2 : 1
    }
    i++
  }
  while (i < text.length) {
    const char = text[i]
    if (text.startsWith('//', i)) {
      const end = text.indexOf('\n', i)
      i = end < 0 ? text.length : end
    } else if (text.startsWith('/*', i)) {
      const end = text.indexOf('*/', i + 2)
      i = end < 0 ? text.length : end + 2
      code += ' '
    } else if (char === "'" || char === '"') {
      const end = endOfLiteral(text, i)
      code += `§${strings.push(text.slice(i + 1, end - 1)) - 1}§`
      i = end
    } else if (char === '/' && startsRegex(code.slice(-40))) {
      i = endOfLiteral(text, i)
      code += '0'
    } else if (char === '`') {
      i++
      skipTemplate()
    } else if (char === '}' && templates.at(-1) === depth - 1) {
      templates.pop()
      depth--
      i++
      code += '}'
      skipTemplate()
    } else {
      if (char === '{') depth++
      if (char === '}') depth--
      code += char
      i++
    }
  }
  return { code, strings }
}

const staticImport = /\b(import|export)\b(\s+type\b)?([^;§()=]*?)\bfrom\s*§(\d+)§/g
const bareImport = /\bimport\s*(\()?\s*§(\d+)§/g

/** Whether `{ type A, type B }` names types only. @param {string} clause */
function namesOnlyTypes(clause) {
  const names = /^\s*\{([^}]*)\}\s*$/.exec(clause)?.[1]
  if (names === undefined) return false
  const list = names.split(',').filter((name) => name.trim() !== '')
  return list.length > 0 && list.every((name) => /^\s*type\s/.test(name))
}

/**
 * Every import and re-export of a file: static, dynamic and `import('…')` in types.
 *
 * @param {string} text
 * @returns {Import[]}
 */
export function readImports(text) {
  const { code, strings } = maskSource(text)
  /** @type {Import[]} */
  const imports = []
  for (const match of code.matchAll(staticImport)) {
    const [, , type, clause = '', index] = match
    const typeOnly = type !== undefined || namesOnlyTypes(clause)
    imports.push({ specifier: strings[Number(index)] ?? '', typeOnly })
  }
  for (const match of code.matchAll(bareImport)) {
    const [, call, index] = match
    const before = code.slice(0, match.index).trimEnd()
    // `const x: import('…').T` and `typeof import('…')` are types; `await import('…')` is not.
    const typeOnly = call !== undefined && /([:<|&]|\btypeof|\bextends)$/.test(before)
    imports.push({ specifier: strings[Number(index)] ?? '', typeOnly })
  }
  return imports
}

/** What is left of a file beside its re-exports; empty for a file that only re-exports. @param {string} text */
export function codeBesideReexports(text) {
  const { code } = maskSource(text)
  return code.replace(/\bexport\b(\s+type\b)?[^;§()=]*?\bfrom\s*§\d+§\s*;?/g, '').trim()
}

/**
 * The names out of `names` that the code mentions anywhere, as a global, a property or a key.
 *
 * @param {string} text
 * @param {readonly string[]} names
 * @returns {string[]}
 */
export function mentionedNames(text, names) {
  const { code } = maskSource(text)
  return names.filter((name) => new RegExp(`(?<![\\w$])${name}(?![\\w$])`).test(code))
}
