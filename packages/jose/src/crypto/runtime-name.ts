/** The name of the runtime, for messages about what it lacks. */
import { nodeVersion } from './node-crypto.ts'

interface Global {
  readonly Bun?: { readonly version?: string }
  readonly Deno?: { readonly version?: { readonly deno?: string } }
  readonly navigator?: { readonly userAgent?: string }
}

/** Engines by the names in a user agent, the more particular first: nearly all of them call themselves Safari. */
const browsers = ['Firefox', 'Edg', 'Chrome', 'Safari']

/** The runtime and its version, as far as it tells: `Node.js 20.20.2`, `Deno 2.9.4`, `Chrome 156`. */
export function runtimeName(): string {
  const { Bun, Deno, navigator } = globalThis as Global
  if (typeof Bun?.version === 'string') return `Bun ${Bun.version}`
  if (typeof Deno?.version?.deno === 'string') return `Deno ${Deno.version.deno}`
  const agent = navigator?.userAgent ?? ''
  if (agent === 'Cloudflare-Workers') return 'workerd'
  if (nodeVersion !== undefined) return `Node.js ${nodeVersion}`
  for (const name of browsers) {
    const version = new RegExp(`${name}/(\\d+)`).exec(agent)?.[1]
    if (version !== undefined) return `${name === 'Edg' ? 'Edge' : name} ${version}`
  }
  return 'this runtime'
}
