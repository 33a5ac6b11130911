/** Options that are misspelt, or are there and undefined: a variable that nobody set. */

/** What is wrong with the names of an object of options, or undefined. */
export function optionNameFault(options: object, names: readonly string[]): string | undefined {
  for (const [name, value] of Object.entries(options)) {
    if (!names.includes(name)) return `unknown option "${name}"; the options are ${names.join(', ')}`
    if (value === undefined) return `${name}: expected a value, got undefined: is a variable unset?`
  }
  return undefined
}
