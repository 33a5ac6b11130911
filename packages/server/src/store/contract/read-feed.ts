import type { Revocation, Store } from '../store.ts'
import { now } from './records.ts'

/** The whole revocation feed of a store, read page by page. */
export async function readFeed(
  { revocations }: Pick<Store, 'revocations'>,
  at: number = now,
  limit = 1000,
): Promise<readonly Revocation[]> {
  const entries: Revocation[] = []
  for (let after: string | undefined, more = true; more;) {
    const page = await revocations.read({ ...(after !== undefined && { after }), now: at, limit })
    entries.push(...page.entries)
    after = page.next
    more = page.more
  }
  return entries
}
