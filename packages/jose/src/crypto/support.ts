/** Which signatures the runtime has, and which part of it has them. */
import { nodeHas } from './node-keys.ts'
import { probe } from './probe.ts'
import type { SignatureScheme } from './scheme.ts'
import { subtle } from './subtle.ts'
import { generateParameters } from './web-parameters.ts'

/** Whether this runtime signs and verifies with a scheme. */
export async function supportsScheme(scheme: SignatureScheme): Promise<boolean> {
  if (scheme.kind === 'hmac' || nodeHas(scheme)) return true
  return probe(JSON.stringify(scheme), async () => {
    const web = subtle()
    // An RSA key takes long to make, and every WebCrypto has RSA.
    if (scheme.kind === 'rsa-pkcs1' || scheme.kind === 'rsa-pss') return
    await web.generateKey(generateParameters(scheme, 0), false, ['sign', 'verify'])
  })
}
