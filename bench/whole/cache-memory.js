// @ts-check
/** Prints the bytes of heap that a verifier keeps for each of 10,000 tokens. */
import { encode } from '../../packages/jose/dist/index.js'
import { makeFastVerifier } from '../contenders/fast-jwt.js'
import { cachedVerifier } from '../contenders/tessera.js'
import { expected, makeKeys, standardClaims } from '../tokens.js'

const count = 10_000
const keys = await makeKeys('HS256')
const verify =
  process.argv[2] === 'tessera'
    ? (await cachedVerifier(keys, expected, count)).verifySync
    : makeFastVerifier(keys, expected, { cache: count })

/** Bytes of heap, when nothing is left to collect. */
function heap() {
  for (let pass = 0; pass < 4; pass += 1) globalThis.gc?.()
  return process.memoryUsage().heapUsed
}

/** Verifies tokens as they come in a header, so that what is kept of it is counted. @param {number} from @param {number} to */
function verifyRange(from, to) {
  for (let index = from; index < to; index += 1) {
    const header = `Bearer ${encode(standardClaims(index), keys.tessera)}`
    verify(header.slice('Bearer '.length))
  }
}

// The first tokens fill what is made once.
verifyRange(0, count / 10)
const before = heap()
verifyRange(count / 10, count)
console.log((heap() - before) / (count * 0.9))
// Nothing of it may be collected before.
verifyRange(0, 1)
