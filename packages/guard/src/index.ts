/** `@tessera/guard`: the door. Verifies the access token of a request (RFC 6750, RFC 9068), in any framework. */
export { problem, requestErrorCodes, retryAfterSeconds } from './problem.ts'
export type { ProblemAnswer, ProblemBody, ProblemCode, ProblemExtra, RequestErrorCode } from './problem.ts'
