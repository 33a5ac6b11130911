// @ts-check
/**
 * Guards of API servers, in a process of their own: `node guard-process.js ISSUER TRANSPORT:ON_STALE…`. Told a token, they look at it
 * again and again and tell when each refused it; told to `ask`, what each says of it now.
 */
import { createGuard, followRevocations } from '@tessera/guard'

const [issuer = '', ...kinds] = process.argv.slice(2)
const guards = kinds.map((kind) => {
  const [transport, onStale] = /** @type {['stream' | 'poll', 'open' | 'closed']} */ (kind.split(':'))
  const revocations = followRevocations({ issuer, transport, boundSeconds: 15 })
  return { revocations, guard: createGuard({ issuer, audience: issuer, revocations, onStale }) }
})

/** @param {string} token @param {typeof guards[number]} one */
async function statusOf(token, { guard }) {
  const headers = new Headers({ authorization: `Bearer ${token}` })
  const result = await guard.authenticate({ method: 'GET', url: `${issuer}/api`, headers })
  return result.ok ? 200 : result.status
}

/** @param {string} token @param {typeof guards[number]} one */
async function refusedAt(token, one) {
  while ((await statusOf(token, one)) === 200) await new Promise((go) => setTimeout(go, 5))
  return Date.now()
}

/** @param {{ watch?: string, ask?: string }} message */
async function answer({ watch, ask }) {
  if (watch !== undefined) process.send?.(await Promise.all(guards.map((one) => refusedAt(watch, one))))
  if (ask !== undefined) process.send?.(await Promise.all(guards.map((one) => statusOf(ask, one))))
}

process.on('message', (message) => void answer(/** @type {{ watch?: string, ask?: string }} */ (message)))
process.on('disconnect', () => process.exit())
await Promise.all(guards.map(({ revocations }) => revocations.ready))
process.send?.('ready')
