/** Which secret everything is made with: a function of the registry and of what every live process holds (P6). */
import type { SecretRow } from './store.ts'

/** The secret in use: of the live ones that were ever in use, the one whose turn came last. */
export function currentSecret(secrets: readonly SecretRow[]): SecretRow | undefined {
  return secrets
    .filter(({ state, turn }) => state === 'live' && turn > 0)
    .reduce<SecretRow | undefined>((last, row) => (row.turn > (last?.turn ?? 0) ? row : last), undefined)
}

/**
 * The secret whose turn comes now; undefined: all stays as it is. A secret waits until every live process prefers it, so that
 * those that were configured otherwise do not take turns.
 *
 * @param held what each live process holds, the one it prefers first
 */
export function nextSecret(
  secrets: readonly SecretRow[],
  held: readonly (readonly string[])[],
): string | undefined {
  const live = new Set(secrets.filter(({ state }) => state === 'live').map(({ kid }) => kid))
  // A process that holds dropped secrets alone can make nothing and judge nothing: nobody waits for it.
  const choices = held.map((kids) => kids.filter((kid) => live.has(kid))).filter(({ length }) => length > 0)
  const [first = []] = choices
  const current = currentSecret(secrets)?.kid
  const isPreferred = (kid: string): boolean => choices.every(([preferred]) => preferred === kid)
  const isHeld = (kid: string): boolean => choices.every((kids) => kids.includes(kid))
  const wanted = first.find(isPreferred) ?? (current === undefined ? first.find(isHeld) : undefined)
  return wanted === current ? undefined : wanted
}
