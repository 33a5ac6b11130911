/**
 * Owners of sessions, as our client behaves: a refresh at 70 to 90 % of the access token's life during eight hours a day,
 * two tabs at once now and then, replies that never come, a retry key saved before the first send. And thieves.
 */
import { randomBytes } from 'node:crypto'
import type { EngineAnswer, RefreshEngine } from './refresh-engine.ts'
import type { VirtualTime } from './virtual-time.ts'

export interface World {
  readonly time: VirtualTime
  readonly engine: RefreshEngine
  readonly endMs: number
  /** How long an access token lives. */
  readonly accessLifeMs: number
  /** Timers go off at multiples of this alone: whoever is due meanwhile shares a transaction. */
  readonly timerMs: number
  /** Of all requests, those that two tabs send at once, and those whose reply is lost; half of the latter never arrive. */
  readonly clashShare: number
  readonly lostShare: number
}

/** What somebody who refreshes holds. */
export interface Holder {
  token: string
  retryKey: string
  /** Why it was signed out. */
  signedOut: string | undefined
}

const hourMs = 3_600_000
const dayMs = 24 * hourMs
const windowMs = 30_000

/** So many of those whose reply was lost come again only after a restart of the application, hours later. */
const restartShare = 0.3

const newRetryKey = (): string => randomBytes(16).toString('base64url')

/** When a holder refreshes next: within working hours. */
function nextRefreshAt({ time, accessLifeMs, timerMs }: World): number {
  const at = time.nowMs() + accessLifeMs * (0.7 + Math.random() * 0.2)
  const intoDay = at % dayMs
  const within = intoDay < 8 * hourMs ? at : at - intoDay + dayMs + Math.random() * accessLifeMs
  return Math.ceil(within / timerMs) * timerMs
}

export async function startHolder({ engine }: World): Promise<Holder> {
  return { token: await engine.begin(), retryKey: newRetryKey(), signedOut: undefined }
}

/** Refreshes until the end, or until signed out. `send` is what a request goes by. */
export async function keepRefreshing(
  world: World,
  holder: Holder,
  send: RefreshEngine['refresh'],
): Promise<void> {
  const { time, endMs } = world
  while (holder.signedOut === undefined) {
    const at = nextRefreshAt(world)
    if (at > endMs) return
    await time.until(at)
    await refreshOnce(world, holder, send)
  }
}

async function refreshOnce(world: World, holder: Holder, send: RefreshEngine['refresh']): Promise<void> {
  const { time, clashShare, lostShare } = world
  for (;;) {
    const { token, retryKey } = holder
    const luck = Math.random()
    if (luck >= lostShare / 2) {
      const tabs =
        Math.random() < clashShare ? [send(token, retryKey), send(token, retryKey)] : [send(token, retryKey)]
      const [answer] = await Promise.all(tabs)
      if (luck >= lostShare && answer !== undefined && take(holder, answer)) return
    }
    const pauseMs =
      Math.random() < restartShare ? -Math.log(Math.random()) * 3 * hourMs : Math.random() * 20_000
    await time.until(time.nowMs() + pauseMs)
  }
}

/** Whether the attempt is over. */
function take(holder: Holder, answer: EngineAnswer): boolean {
  if ('waitSeconds' in answer) return false
  if ('refused' in answer) holder.signedOut = answer.refused
  else {
    holder.token = answer.token
    holder.retryKey = newRetryKey()
  }
  return true
}

/** What happened to a session of which a thief got a token. */
export interface Theft {
  stolenAtMs: number | undefined
  /** Somebody used a token that was used before, outside the window and without its retry key. */
  firstReuseAtMs: number | undefined
  endedAtMs: number | undefined
  /** A request after the first such reuse, or that reuse itself, was answered with tokens. */
  hasSurvived: boolean
}

/** Sends requests of one session and watches them with a model of its own. */
export function watchSession({ time, engine }: World, theft: Theft): RefreshEngine['refresh'] {
  let generation = 0
  let rotatedAtMs = -Infinity
  let rotationKey: string | undefined
  return async (token, retryKey) => {
    const presented = Number(token.split('.')[2])
    const answer = await engine.refresh(token, retryKey)
    const nowMs = time.nowMs()
    const isRetry =
      presented === generation - 1 && (nowMs - rotatedAtMs <= windowMs || retryKey === rotationKey)
    if (presented !== generation && !isRetry) theft.firstReuseAtMs ??= nowMs
    if ('refused' in answer) theft.endedAtMs ??= nowMs
    if ('token' in answer && theft.firstReuseAtMs !== undefined) theft.hasSurvived = true
    if ('token' in answer && presented === generation) {
      generation += 1
      rotatedAtMs = nowMs
      rotationKey = retryKey
    }
    return answer
  }
}

/** Copies the owner's token at some time, the saved retry key with every other one, and goes on by itself. */
export async function steal(
  world: World,
  owner: Holder,
  theft: Theft,
  send: RefreshEngine['refresh'],
): Promise<void> {
  const { time } = world
  await time.until(time.nowMs() + Math.random() * 5 * dayMs)
  if (owner.signedOut !== undefined) return
  theft.stolenAtMs = time.nowMs()
  const retryKey = Math.random() < 0.5 ? owner.retryKey : newRetryKey()
  const thief: Holder = { token: owner.token, retryKey, signedOut: undefined }
  await time.until(time.nowMs() + Math.random() ** 3 * dayMs)
  await refreshOnce(world, thief, send)
  await keepRefreshing(world, thief, send)
}
