/** Stands in for `conformance/source-surface.ts`, which loads the library by computed paths. */
import { openSurface } from '../../surface.js'
import * as aesKw from '../../../packages/jose/src/crypto/aes-kw.ts'
import * as contentCipher from '../../../packages/jose/src/crypto/content-cipher.ts'
import * as rsaOaep from '../../../packages/jose/src/crypto/rsa-oaep.ts'
import * as signature from '../../../packages/jose/src/crypto/signature.ts'
import * as dpop from '../../../packages/jose/src/dpop/index.ts'
import * as base64url from '../../../packages/jose/src/encoding/base64url.ts'
import * as index from '../../../packages/jose/src/index.ts'
import * as contents from '../../../packages/jose/src/jwa/content-encryption-algorithms.ts'
import * as jwe from '../../../packages/jose/src/jwe/index.ts'
import * as materials from '../../../packages/jose/src/jwk/encryption-materials.ts'
import * as key from '../../../packages/jose/src/jwk/key.ts'
import * as jws from '../../../packages/jose/src/jws/index.ts'
import * as unverified from '../../../packages/jose/src/unverified.ts'

/** @type {Record<string, unknown>} */
const modules = {
  index,
  unverified,
  'jws/index': jws,
  'jwe/index': jwe,
  'dpop/index': dpop,
  'crypto/signature': signature,
  'jwk/key': key,
  'encoding/base64url': base64url,
  'crypto/content-cipher': contentCipher,
  'jwa/content-encryption-algorithms': contents,
  'crypto/aes-kw': aesKw,
  'crypto/rsa-oaep': rsaOaep,
  'jwk/encryption-materials': materials,
}

export const surface = await openSurface(async (path) => modules[path])
