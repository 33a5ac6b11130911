/** The name of the runtime, and the error that tells what it lacks. */
import { JoseError } from '../errors.ts'
import { nodeVersion } from './node-crypto.ts'

interface Global {
  readonly Bun?: { readonly version?: string }
  readonly Deno?: { readonly version?: { readonly deno?: string } }
  readonly navigator?: { readonly userAgent?: string }
}

/** Browsers by the mark of their version in a user agent, the more particular first: nearly all call themselves Safari. */
const browsers = { Firefox: 'Firefox', Edg: 'Edge', Chrome: 'Chrome', Version: 'Safari' }

/** The runtime and its version, as far as it tells: `Node.js 20.20.2`, `Deno 2.9.4`, `Chrome 156`. */
export function runtimeName(): string {
  const { Bun, Deno, navigator } = globalThis as Global
  if (typeof Bun?.version === 'string') return `Bun ${Bun.version}`
  if (typeof Deno?.version?.deno === 'string') return `Deno ${Deno.version.deno}`
  const agent = navigator?.userAgent ?? ''
  if (agent === 'Cloudflare-Workers') return 'workerd'
  if (nodeVersion !== undefined) return `Node.js ${nodeVersion}`
  for (const [mark, name] of Object.entries(browsers)) {
    const version = new RegExp(`${mark}/(\\d+)`).exec(agent)?.[1]
    if (version !== undefined) return `${name} ${version}`
  }
  return 'this runtime'
}

/** The error for what the runtime does not have, such as `ML-DSA-44` or `AES-GCM with 192-bit keys`. */
export function lacks(what: string, cause?: unknown): JoseError {
  return new JoseError('unsupported', `${runtimeName()} has no ${what}`, { cause })
}
