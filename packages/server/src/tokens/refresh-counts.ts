/** How refreshes came out, counted for whoever watches: a theft looks like no fault of the network there (P13). */
import type { EndReason } from '../store/store.ts'
import type { RefreshOutcome } from './judge-refresh.ts'

/**
 * What a refresh came to. `first`: a rotation. `replay`: the same successor again. `clashed`: so, with another retry key.
 * `reuse`, `lockstep`, `ahead`, `account_changed`: the session was ended by it. `ended`: it had ended before.
 * `throttled`: told to wait. `kid_unknown`: made with a secret that is registered nowhere (P6). `failed`: the server could
 * not judge it.
 */
const refreshStatuses = [
  'first',
  'replay',
  'clashed',
  'reuse',
  'lockstep',
  'ahead',
  'account_changed',
  'ended',
  'expired',
  'malformed',
  'request_invalid',
  'throttled',
  'kid_unknown',
  'failed',
] as const
export type RefreshStatus = (typeof refreshStatuses)[number]

export interface RefreshCounts {
  note(status: RefreshStatus): void
  /** Every status with its count since the start. */
  read(): Iterable<readonly [RefreshStatus, number]>
}

export function createRefreshCounts(): RefreshCounts {
  const counts = new Map<RefreshStatus, number>(refreshStatuses.map((status) => [status, 0]))
  return {
    note: (status) => void counts.set(status, (counts.get(status) ?? 0) + 1),
    read: () => counts,
  }
}

const ofReason: Readonly<Partial<Record<EndReason, RefreshStatus>>> = {
  replayed: 'reuse',
  lockstep: 'lockstep',
  generation_ahead: 'ahead',
  credentials_changed: 'account_changed',
  user_disabled: 'account_changed',
}

export function refreshStatus(outcome: RefreshOutcome): RefreshStatus {
  switch (outcome.status) {
    case 'rotated':
      return 'first'
    case 'replayed':
      return outcome.isClash ? 'clashed' : 'replay'
    case 'wait':
      return 'throttled'
    case 'refused': {
      const { ended, code } = outcome
      if (ended !== undefined) return ofReason[ended] ?? 'ended'
      return code === 'revoked' || code === 'replayed' ? 'ended' : code
    }
  }
}
