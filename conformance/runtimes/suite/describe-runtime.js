/** What a runtime supports, as the library finds it. */
import { runtimeName } from '../../../packages/jose/src/crypto/runtime-name.ts'

/** @returns {Promise<{ name: string }>} */
export async function describeRuntime() {
  return { name: runtimeName() }
}
