/** Sends a request with the token that fits, renewed in time, and once more when the token was refused. */
import type { Outgoing } from './attach.ts'
import { refusesToken } from './challenge.ts'
import type { Clock } from './clock.ts'
import type { Refresh } from './refresh.ts'
import type { SessionKeeper } from './session.ts'
import type { TokenSet } from './token-set.ts'

export function createSend(
  keeper: SessionKeeper,
  refresh: Refresh,
  clock: Clock,
): (outgoing: Outgoing) => Promise<Response> {
  /** By origin, the token that was refused although it was new: another one would not help either. */
  const hopeless = new Map<string, string>()

  async function currentTokens(): Promise<TokenSet | null> {
    await keeper.session.ready()
    const tokens = keeper.tokens()
    if (tokens === null || clock.monotonicMs() < tokens.dueMs) return tokens
    const renewal = refresh.renew(tokens)
    if (clock.monotonicMs() >= tokens.deadMs) return renewal
    // Still good: an issuer that is slow or away must not hold up the request.
    const inTime = renewal.catch((error: unknown) => {
      if (keeper.tokens() === null) throw error
      return tokens
    })
    return Promise.race([inTime, refresh.patience().then(() => tokens)])
  }

  return async (outgoing) => {
    const { signal, origin } = outgoing
    if (!outgoing.takesToken) return outgoing.send(null)
    const tokens = await unlessAborted(currentTokens(), signal)
    if (tokens === null) return outgoing.send(null)
    const response = await outgoing.send(tokens.accessToken)
    if (hopeless.get(origin) === tokens.accessToken || hasLeft(response, origin)) return response
    if (!(await refusesToken(response))) return response
    const renewal = unlessAborted(renewRefused(tokens), signal)
    if (!outgoing.isReplayable) return renewal.then(() => response).catch(() => response)
    const fresh = await renewal
    if (fresh === null) return response
    void response.body?.cancel().catch(() => {})
    const second = await outgoing.send(fresh.accessToken)
    if (await refusesToken(second)) hopeless.set(origin, fresh.accessToken)
    return second
  }

  /** @returns `null` when the session is over: the refusal was right. */
  async function renewRefused(tokens: TokenSet): Promise<TokenSet | null> {
    try {
      return await refresh.renew(tokens)
    } catch (error) {
      if (keeper.tokens() === null) return null
      throw error
    }
  }
}

/** Whether a redirect led to another origin: what that one refused was not our token. */
function hasLeft(response: Response, origin: string): boolean {
  return response.url !== '' && new URL(response.url).origin !== origin
}

/** Lets a caller give up waiting, without stopping what others wait for. */
function unlessAborted<Result>(work: Promise<Result>, signal: AbortSignal | null): Promise<Result> {
  if (signal === null) return work
  return new Promise((resolve, reject) => {
    const abort = (): void => reject(signal.reason)
    if (signal.aborted) abort()
    signal.addEventListener('abort', abort, { once: true })
    work.then(resolve, reject).finally(() => signal.removeEventListener('abort', abort))
  })
}
