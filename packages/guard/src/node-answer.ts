/** How the Express and Node adapters answer a request that is not let in. */
import type { ProblemAnswer } from './problem.ts'

/** The part of Node's `ServerResponse` that is used here. */
export interface NodeResponse {
  statusCode: number
  hasHeader(name: string): boolean
  setHeader(name: string, value: string): unknown
  end(text: string): unknown
}

/** Answers with a problem. */
export function answerProblem(response: NodeResponse, { status, headers, body }: ProblemAnswer): void {
  response.statusCode = status
  for (const [name, value] of Object.entries(headers)) {
    // What the application exposes to other origins is its own choice.
    if (name !== 'access-control-expose-headers' || !response.hasHeader(name)) response.setHeader(name, value)
  }
  // Not Express's `send`, which would add a charset that JSON does not have and an ETag.
  response.end(JSON.stringify(body))
}
