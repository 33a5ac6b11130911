/**
 * Named channels of `node:diagnostics_channel`, for traces: what begins, how it ends, and what goes on inside it, told to tools
 * that subscribe to the name. Where nobody does, a channel costs one look. No message holds a token, a password or a name of
 * a person.
 */
import type { TracingChannel } from 'node:diagnostics_channel'
import { tracingChannel } from 'node:diagnostics_channel'

/** `tessera.request`: one request, from its route to its answer. */
export interface RequestTrace {
  readonly method: string
  /** The pattern that matched; undefined for none. */
  readonly route: string | undefined
  /** Of whoever sent the request (W3C Trace Context), where it has the form. */
  readonly traceparent: string | undefined
  status?: number
  /** As the answer carries it, and the line in the log. */
  requestId?: string | undefined
}

/** `tessera.login` and `tessera.signup`: a password is checked, or taken. */
export interface AccountTrace {
  /** `ok`, or the code that it was refused with. */
  outcome?: string
}

/** `tessera.refresh`: a refresh token, and what came of it. */
export interface RefreshTrace {
  /** `issued`, `refused`, `wait`, `secret_unknown`. */
  outcome?: string
  /** Of a refusal. */
  code?: string
}

/** `tessera.hash`: one hash of a password, the wait for its turn included. Of an unknown name it is as of any other. */
export interface HashTrace {
  readonly operation: 'hash' | 'verify'
}

/** `tessera.sign`: an access token is made, the claims hook included. */
export interface SignTrace {
  readonly subject: 'user' | 'client'
}

/** What Node keeps about the work itself; nothing of ours is in its `result`. */
type Traced<Trace extends object> = TracingChannel<unknown, Trace>

interface Channels {
  readonly request: Traced<RequestTrace>
  readonly login: Traced<AccountTrace>
  readonly signup: Traced<AccountTrace>
  readonly refresh: Traced<RefreshTrace>
  readonly hash: Traced<HashTrace>
  readonly sign: Traced<SignTrace>
}

/** Every channel that a piece of work is told on; `tessera.event` tells of what was done. */
export const channels: Channels = {
  request: traceChannel('tessera.request'),
  login: traceChannel('tessera.login'),
  signup: traceChannel('tessera.signup'),
  refresh: traceChannel('tessera.refresh'),
  hash: traceChannel('tessera.hash'),
  sign: traceChannel('tessera.sign'),
}

function traceChannel<Trace extends object>(name: string): Traced<Trace> {
  return tracingChannel<unknown, Trace>(name)
}

export interface TracedWork<Trace extends object, Result> {
  /** What is told when it begins. */
  readonly trace: Trace
  readonly work: () => Result | Promise<Result>
  /** What is told beside that when it is done. */
  readonly told?: (result: Result) => Partial<Trace>
}

/** Does a piece of work, and tells of it. Call it where `hasSubscribers`; elsewhere the work alone costs less. */
export async function traceWork<Trace extends object, Result>(
  channel: Traced<Trace>,
  { trace, work, told }: TracedWork<Trace, Result>,
): Promise<Result> {
  let done: { readonly result: Result } | undefined
  // Node puts what this resolves with into the message: nothing, because ours are tokens and hashes.
  await channel.tracePromise(async () => {
    const result = await work()
    done = { result }
    if (told !== undefined) Object.assign(trace, told(result))
  }, trace)
  return done!.result
}
