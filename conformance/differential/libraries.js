// @ts-check
/** The two libraries: ours as built, and npm `jose` as `conformance/interop/package-lock.json` pins it. */
import * as index from '@tessera/jose'
import * as jwe from '@tessera/jose/jwe'
import * as jws from '@tessera/jose/jws'
import { installNpmPeers } from '../interop/peers.js'

await installNpmPeers()
const peers = new URL('../interop/', import.meta.url)

/** Everything that we export. @type {Record<string, any>} */
export const tessera = { ...jws, ...jwe, ...index }

/** Everything that npm `jose` exports. Loaded by its address, so that types are checked without it too. @type {any} */
export const jose = await import(new URL('jose.js', peers).href)
