/** Where `verify` takes its keys from: an issuer, a JWK Set, a key file, a secret. */
import {
  createLocalJwkSet,
  createRemoteJwkSet,
  type HmacAlgorithm,
  type KeySet,
  secret,
  type SignatureAlgorithm,
  type VerificationKey,
} from '@tessera/jose'
import { CliFault } from './fault.ts'
import type { Io } from './io.ts'
import { readPublicJwkSet, readVerificationKey } from './key-file.ts'
import { readSecret } from './secret-source.ts'

/** The options of a command that choose keys. */
export interface KeyOptions {
  readonly issuer?: string
  readonly jwks?: string
  readonly key?: string
  readonly secret?: string
  readonly alg?: string
  readonly allowWeakKey?: boolean
}

/**
 * The keys that the options name. An issuer's own keys are fetched unless another source is named; then `--issuer` is
 * only what the token must say.
 *
 * @throws {CliFault} when the options name no source, or several
 */
export async function openKeys(options: KeyOptions, io: Io): Promise<VerificationKey | KeySet> {
  const { issuer, jwks, key, secret: source } = options
  const algorithm = options.alg as SignatureAlgorithm | undefined
  checkOneSource(options)
  if (jwks !== undefined) return openJwkSet(jwks, io)
  if (key !== undefined) return readVerificationKey({ path: key, io }, algorithm)
  if (source !== undefined) return openSecret(source, options, io)
  return createRemoteJwkSet({ issuer: issuer ?? '' })
}

async function openSecret(
  source: string,
  { alg, allowWeakKey = false }: KeyOptions,
  io: Io,
): Promise<VerificationKey> {
  return secret((alg ?? 'HS256') as HmacAlgorithm, await readSecret(source, io), { allowWeakKey })
}

async function openJwkSet(source: string, io: Io): Promise<KeySet> {
  return /^https?:\/\//i.test(source)
    ? createRemoteJwkSet(source)
    : createLocalJwkSet(await readPublicJwkSet({ path: source, io }))
}

function checkOneSource({ issuer, jwks, key, secret: source }: KeyOptions): void {
  const named = [jwks, key, source].filter((value) => value !== undefined).length
  if (named > 1) throw new CliFault('usage', 'expected one of --jwks, --key and --secret, got several')
  if (named === 0 && issuer === undefined) {
    throw new CliFault('usage', 'expected --issuer, --jwks, --key or --secret to verify with, got none', {
      hint: 'To look inside without verifying: tessera decode TOKEN',
    })
  }
}
