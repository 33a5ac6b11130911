/** The library's sources as the suites see them, for tests that run without a build. */
import * as index from '@tessera/jose'
import * as dpop from '@tessera/jose/dpop'
import * as jws from '@tessera/jose/jws'
import * as unverified from '@tessera/jose/unverified'
import * as signature from '../packages/jose/src/crypto/signature.ts'
import * as base64url from '../packages/jose/src/encoding/base64url.ts'
import * as key from '../packages/jose/src/jwk/key.ts'
import { openSurface, type Surface } from './surface.js'

const modules: Record<string, unknown> = {
  index,
  unverified,
  'jws/index': jws,
  'dpop/index': dpop,
  'crypto/signature': signature,
  'jwk/key': key,
  'encoding/base64url': base64url,
}

export const surface: Surface = await openSurface((path) => Promise.resolve(modules[path]))
