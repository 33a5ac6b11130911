// The test issuer of @tessera/jose/testing, as a user's tests have it.
import * as testing from '@tessera/jose/testing'

export const everything = testing
