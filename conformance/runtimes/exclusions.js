// @ts-check
/** Test files that are not for every runtime, each with the reason. @type {Record<string, string>} */
export const excludedFiles = {
  'browser-field.test.ts': 'compares files of the package',
  'types/types.test.ts': 'tests what the compiler says',
  'types/wide-options.test.ts': 'tests what the compiler says',
}
