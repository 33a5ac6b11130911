/** placeholder until the server room has its face */
import type { AddCommand } from '../command.ts'
export const addServe: AddCommand = (program) => {
  program.command('serve')
}
