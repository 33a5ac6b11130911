/** What the metrics tell of the desk: read when somebody asks. */
import type { Gauge, LabelledCounter } from '../http/metrics.ts'
import type { Desk } from './desk.ts'

export function gaugesOf({ revocations, feed, registry }: Desk): readonly Gauge[] {
  return [
    {
      name: 'tessera_revocations_current',
      help: 'Whether every revocation that a live token could meet is known (1) or not (0).',
      read: () => (revocations.source.isCurrent() && !feed.isClosed ? 1 : 0),
    },
    {
      name: 'tessera_server_secrets_missing',
      help: 'Server secrets in use that this process lacks: it answers 503 where they are needed.',
      read: () => registry.missing.length,
    },
    {
      name: 'tessera_server_secret_waiting',
      help: 'Whether a new server secret waits for processes that lack it (1) or not (0).',
      read: () => (registry.isWaiting ? 1 : 0),
    },
  ]
}

export function countersOf(desk: Desk): readonly LabelledCounter[] {
  return [refreshCounter(desk), breachCounter(desk)]
}

/** Empty where nothing is looked up. */
function breachCounter({ breached }: Desk): LabelledCounter {
  return {
    name: 'tessera_breach_checks_total',
    help: 'New passwords looked up among stolen ones: clean, breached, or failed, where they passed.',
    label: 'result',
    read: breached.counts,
  }
}

function refreshCounter({ refreshCounts }: Desk): LabelledCounter {
  return {
    name: 'tessera_refresh_status_total',
    help: 'Refreshes by what they came to: first, replay, clashed, reuse and more.',
    label: 'status',
    read: refreshCounts.read,
  }
}
