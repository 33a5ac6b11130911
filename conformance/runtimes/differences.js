// @ts-check
/**
 * Every difference between runtimes, written down: which tests do not run where, and why. A test that is skipped or
 * missing without a line here fails the run, and so does a line that no longer explains anything.
 */

/**
 * @typedef {object} Difference
 * @property {string[]} runtimes
 * @property {RegExp} tests  matched against the test's name and the reason that it gave
 * @property {string} why    as printed, after the number of tests
 */

const node = ['node20', 'node22', 'node24', 'node26']
const browsers = ['chromium', 'firefox']
const elsewhere = ['deno', 'bun', 'workerd', ...browsers]
/** Where WebCrypto does the work. */
const web = ['node24-web', 'workerd', ...browsers]

/** @type {Difference[]} */
export const differences = [
  {
    runtimes: [...node, 'deno', 'bun'],
    tests: /with WebCrypto alone|without node:crypto|web-crypto\.test\.ts/,
    why: 'about WebCrypto, where node:crypto does the work',
  },
  {
    runtimes: web,
    tests:
      /nobody waits: the keys at hand|a JWK Set at hand works at once|adds no key ID: encode|a JWK Set’s verdict at once|is not waited for by verifySync|of a private key makes tokens that hold, keys and claims in turn/,
    why: 'about public and private keys without a promise',
  },
  {
    runtimes: ['node24-web', 'bun', 'workerd', ...browsers],
    tests: /ES256K|secp256k1/,
    why: 'about ES256K, which is missing',
  },
  { runtimes: ['bun', 'workerd', ...browsers], tests: /Ed448/i, why: 'about Ed448, which is missing' },
  { runtimes: ['bun', 'workerd', ...browsers], tests: /X448/i, why: 'about X448, which is missing' },
  {
    runtimes: ['node20', 'node22', 'firefox'],
    tests: /ML-DSA|AKP|post-quantum|RFC 9964/,
    why: 'about ML-DSA, which is missing',
  },
  {
    runtimes: ['node24', 'node26', 'node24-web', 'deno', 'bun', 'workerd', 'chromium'],
    tests: /is unsupported where the runtime has no ML-DSA/,
    why: 'about ML-DSA where it is missing',
  },
  {
    runtimes: ['firefox'],
    tests: /has no way from a private key to its public half/,
    why: 'about private keys that come without their public half, which Firefox cannot find',
  },
  {
    runtimes: ['workerd', ...browsers],
    tests: /has no engine in WebAssembly/,
    why: 'about the engine in WebAssembly, which pages and workers go without',
  },
  {
    runtimes: ['node24-web', 'workerd', ...browsers],
    tests: /has no verification in WebAssembly/,
    why: 'about signatures by tables in WebAssembly, which take the place of those of node:crypto',
  },
  {
    runtimes: ['node24-web', 'workerd', ...browsers],
    tests: /has no engine of one-shot hashes/,
    why: 'about the engine of one-shot hashes, which are those of node:crypto',
  },
  {
    runtimes: ['node26'],
    tests: /a file with seed and expanded key/,
    why: 'about files with seed and expanded key, which Node 26 does not write',
  },
  { runtimes: ['chromium'], tests: /192/, why: 'about AES with 192 bits, which is missing' },
  {
    runtimes: ['workerd', ...browsers],
    tests: /needs createServer of node:http/,
    why: 'that want a server, which the runtime cannot be',
  },
  { runtimes: ['workerd'], tests: /needs another realm/, why: 'that want another realm' },
  {
    runtimes: elsewhere,
    tests:
      /needs ((create)?ECDH|createPrivateKey) of node:crypto|needs (the strategies|inflateRawSync) of node:zlib|needs inspect of node:util/,
    why: 'that want Node’s own module as the reference',
  },
]
