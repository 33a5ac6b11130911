/**
 * What the other packages of this house read text by, so that each rule stands in one file. Not a promise to anybody else:
 * it may change with any version.
 */
export { parseJsonObject } from './json-parser.ts'
export { isSecureScheme } from './secure-url.ts'
