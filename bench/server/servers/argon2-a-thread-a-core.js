// @ts-check
/** Argon2 alone, with as many threads as Tessera's command asks for. */
export { client, start } from './argon2-alone.js'
export { preloaded } from './tessera.js'
