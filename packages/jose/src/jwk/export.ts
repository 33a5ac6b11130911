/** Keys to the outside: JWK and PEM. */
import { encodeBase64url } from '../encoding/base64url.ts'
import { formatPem } from '../encoding/pem.ts'
import { JoseError } from '../errors.ts'
import { writePkcs8 } from './asn1/pkcs8.ts'
import { writeSpki } from './asn1/spki.ts'
import type { Jwk } from './jwk.ts'
import { encryptionMaterialOf } from './encryption-materials.ts'
import { type Key, requireMaterial, type SignatureKey } from './key.ts'

/**
 * The JWK of a key, with `alg`, `use` (`sig` or `enc`) and its `kid`. A public key gives public members only.
 *
 * @throws {JoseError} `key_invalid` for a private key that was not made extractable: export its `publicKey`
 */
export async function exportJwk(key: Key): Promise<Jwk> {
  const encryption = encryptionMaterialOf(key)
  const material = encryption ?? requireMaterial(key as SignatureKey)
  const use = encryption === undefined ? 'sig' : 'enc'
  const named = { ...(key.kid === undefined ? {} : { kid: key.kid }), alg: key.algorithm, use }
  if (material.kind === 'secret') return { kty: 'oct', k: encodeBase64url(material.bytes), ...named }
  refuseHidden(key)
  return { ...(material.jwk as unknown as Jwk), ...named }
}

/**
 * The PEM text of a key: SPKI (`PUBLIC KEY`) or PKCS #8 (`PRIVATE KEY`).
 *
 * @throws {JoseError} `key_invalid` for a secret, which has no PEM form, and for a private key that is not extractable
 */
export async function exportPem(key: Key): Promise<string> {
  const encryption = encryptionMaterialOf(key)
  const material = encryption ?? requireMaterial(key as SignatureKey)
  if (material.kind === 'secret')
    throw new JoseError('key_invalid', 'exportPem: a secret has no PEM form: use exportJwk')
  refuseHidden(key)
  const jwk = material.jwk as unknown as Jwk
  return material.kind === 'public'
    ? formatPem('PUBLIC KEY', writeSpki(jwk))
    : formatPem('PRIVATE KEY', writePkcs8(jwk))
}

function refuseHidden(key: Key): void {
  if (key.type === 'private' && !key.extractable) {
    throw new JoseError(
      'key_invalid',
      'export: this private key was not made extractable; its publicKey can be exported',
    )
  }
}
