/** What every route takes and answers: the reference of the server, as a document and as a page. */
import { accountOperations } from './account-operations.ts'
import type { Operations } from './operation.ts'
import { operatorOperations } from './operator-operations.ts'
import { tokenOperations } from './token-operations.ts'

export const operations: Operations = { ...accountOperations, ...tokenOperations, ...operatorOperations }
