/** The name of the runtime, for messages about what it lacks. */

interface Global {
  readonly process?: { readonly versions?: { readonly node?: string } }
  readonly Bun?: { readonly version?: string }
  readonly Deno?: { readonly version?: { readonly deno?: string } }
  readonly navigator?: { readonly userAgent?: string }
}

/** Engines by the names in a user agent, the more particular first: nearly all of them call themselves Safari. */
const browsers = ['Firefox', 'Edg', 'Chrome', 'Safari']

/** The runtime and its version, as far as it tells: `Node.js 20.20.2`, `Deno 2.9.4`, `Chrome 156`. */
export function runtimeName(): string {
  const { Bun, Deno, navigator, process } = globalThis as Global
  if (typeof Bun?.version === 'string') return `Bun ${Bun.version}`
  if (typeof Deno?.version?.deno === 'string') return `Deno ${Deno.version.deno}`
  const agent = navigator?.userAgent ?? ''
  if (agent === 'Cloudflare-Workers') return 'workerd'
  if (typeof process?.versions?.node === 'string') return `Node.js ${process.versions.node}`
  for (const name of browsers) {
    const version = new RegExp(`${name}/(\\d+)`).exec(agent)?.[1]
    if (version !== undefined) return `${name === 'Edg' ? 'Edge' : name} ${version}`
  }
  return 'this runtime'
}
