/** The range of EC private keys (RFC 7518 §6.2.2.1). */
import { isScalar } from '../crypto/curve-point.ts'
import type { CurveName } from '../crypto/scheme.ts'
import { type Jwk, member, wrong } from './jwk.ts'

/** Refuses an EC private key that is no number from 1 to the order of its curve. @throws {JoseError} `key_invalid` */
export function checkScalar(jwk: Jwk): void {
  if (jwk.kty !== 'EC' || isScalar(jwk.crv as CurveName, member(jwk, 'd'))) return
  throw wrong('d', 'a number from 1 to the order of the curve', 'another')
}
