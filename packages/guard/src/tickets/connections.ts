/** Connections that tickets opened: each ends with the token that it stands for, and on revocation. */
import type { AccessClaims } from '../token-check.ts'
import { scopesOf } from '../scope.ts'
import type { TicketSettings } from './ticket-options.ts'

/** Why a connection ended: its token's life is over, its session was revoked, or nobody can tell whether it was. */
export type ConnectionEnd = 'expired' | 'revoked' | 'unavailable'

/** A connection that may be kept open. */
export interface TicketConnection {
  /** Whose it is, and what it may do: the claims of the access token that the ticket was got with. */
  readonly claims: AccessClaims
  readonly scopes: readonly string[]
  /** Aborted when the connection must end; its `reason` says why. Close it then: 4401 on a WebSocket. */
  readonly signal: AbortSignal
  /** To be called when the connection is over, whoever ended it. */
  release(): void
}

export interface Connections {
  open(claims: AccessClaims): TicketConnection
  readonly size: number
}

/** How often all of them are looked at. */
const everyMs = 500

export function createConnections({ revocations, onStale, now }: TicketSettings): Connections {
  const open = new Map<AbortController, AccessClaims>()
  let timer: ReturnType<typeof setInterval> | undefined

  const endOf = (claims: AccessClaims): ConnectionEnd | undefined => {
    if (claims.exp <= now()) return 'expired'
    if (revocations === undefined) return undefined
    if (revocations.isRevoked(claims)) return 'revoked'
    return onStale === 'open' || revocations.isCurrent() ? undefined : 'unavailable'
  }

  const look = (): void => {
    for (const [controller, claims] of open) {
      const end = endOf(claims)
      if (end === undefined) continue
      release(controller)
      controller.abort(end)
    }
  }

  const release = (controller: AbortController): void => {
    open.delete(controller)
    if (open.size > 0) return
    clearInterval(timer)
    timer = undefined
  }

  return {
    open: (claims) => {
      const controller = new AbortController()
      open.set(controller, claims)
      timer ??= startTimer(look)
      return Object.freeze({
        claims,
        scopes: scopesOf(claims),
        signal: controller.signal,
        release: () => release(controller),
      })
    },
    get size() {
      return open.size
    },
  }
}

/** One for all, and none that keeps the process alive. */
function startTimer(look: () => void): ReturnType<typeof setInterval> {
  const timer = setInterval(look, everyMs)
  ;(timer as { unref?: () => void }).unref?.()
  return timer
}
