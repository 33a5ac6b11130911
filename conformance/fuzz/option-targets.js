// @ts-check
/** What takes options and claims from the caller: values of every kind that JavaScript has. */
import { names } from './hostile.js'
import { oddObject, oddValue } from './odd-values.js'
import { corpus, lenient, strict } from './subject.js'

/** @typedef {import('./random.js').Random} Random */
/** @typedef {import('./subject.js').Subject} Subject */
/** @typedef {import('./targets.js').Target} Target */

const token = String(corpus.jwts[0].text)
const claims = { sub: 'a', exp: 4_102_444_800, roles: ['x'], deep: { a: [1] } }
const signing = { issuer: 'i', audience: 'a', expiresIn: '5m', jwtId: 'x' }
const known = {
  verify: [...Object.keys(lenient), ...Object.keys(strict), 'algorithms', 'schema', 'allowWeakKey'],
  sign: [
    ...Object.keys(signing),
    'subject',
    'notBefore',
    'typ',
    'header',
    'now',
    'allowSecretClaims',
    'algorithm',
  ],
}

/** @typedef {(subject: Subject, odd: any) => unknown} Use */

/** @type {readonly { isAsync: boolean, base: object, known: readonly string[], use: Use }[]} */
const uses = [
  use(false, claims, names, ({ library, holders }, odd) => library['encode'](odd, holders['HS256'])),
  use(false, {}, known.sign, ({ library, holders }, odd) => library['encode']({}, holders['HS256'], odd)),
  use(false, {}, known.verify, ({ library, holders }, odd) =>
    library['decode'](token, holders['HS256'], odd),
  ),
  use(false, { ...strict, keys: corpus.password }, [...known.verify, 'keys'], ({ library }, odd) =>
    library['createVerifier'](odd),
  ),
  use(true, claims, names, ({ library, holders }, odd) => library['signJwt'](odd, holders['HS256'], signing)),
  use(true, signing, known.sign, ({ library, holders }, odd) =>
    library['signJwt']({}, holders['HS256'], odd),
  ),
  use(true, lenient, known.verify, ({ library, holders }, odd) =>
    library['verifyJwt'](token, holders['HS256'], odd),
  ),
  use(
    true,
    lenient,
    [...known.verify, 'allowZip', 'maxPlaintextBytes', 'crit'],
    ({ library, holders }, odd) =>
      library['decryptJwt'](corpus.jwes[0].text, holders[corpus.jwes[0].key], odd),
  ),
  use(true, {}, ['header', 'detached', 'b64', 'crit'], ({ library, holders }, odd) =>
    library['signCompact']('x', holders['HS256'], odd),
  ),
  use(true, {}, ['enc', 'header', 'zip', 'maxTokenLength'], ({ library, holders }, odd) =>
    library['encryptCompact']('x', holders['A256GCM'], odd),
  ),
  use(true, {}, ['algorithm', 'type', 'extractable'], ({ library }, odd) =>
    library['importKey'](corpus.keys.ES256, odd),
  ),
]

/** @param {boolean} isAsync @param {object} base @param {readonly string[]} knownNames @param {Use} call */
function use(isAsync, base, knownNames, call) {
  return { isAsync, base, known: knownNames, use: call }
}

/** Functions that take any value at all in place of a token or a key. @type {readonly Use[]} */
const takers = [
  ({ library, holders }, odd) => library['decode'](odd, holders['HS256']),
  ({ library }, odd) => library['decode'](token, odd),
  ({ library }, odd) => library['decodeUnverified'](odd),
  ({ library }, odd) => library['encode']({}, odd),
  ({ library }, odd) => library['secret']('HS256', odd),
  ({ library }, odd) => library['secret'](odd, corpus.password),
  ({ library }, odd) => library['createLocalJwkSet'](odd),
  ({ library }, odd) => library['importKey'](odd),
  ({ library, holders }, odd) => library['verifyFlattened'](odd, holders['HS256']),
  ({ library, holders }, odd) => library['verifyGeneral'](odd, holders['HS256'], { policy: 'all' }),
  ({ library, holders }, odd) => library['decryptJwt'](odd, holders['A256GCM'], lenient),
  ({ library, holders }, odd) => library['decryptGeneral'](odd, holders['A256GCM']),
  ({ library }, odd) => library['verifyJwt'](token, odd, lenient),
  ({ library }, odd) => library['exportJwk'](odd),
  ({ library }, odd) => library['calculateThumbprint'](odd),
  ({ library, holders }, odd) => library['signCompact'](odd, holders['HS256']),
  ({ library }, odd) => library['generateKey'](isOfRsa(odd) ? 'RSA' : odd),
]

/** Looking for primes takes as long as it takes, and is no defect. @param {unknown} odd */
const isOfRsa = (odd) => typeof odd === 'string' && /^(?:RS|PS|RSA)/.test(odd)

/** @param {readonly Subject[]} subjects @returns {Target[]} */
export function optionTargets([subject]) {
  if (subject === undefined) return []
  return [
    {
      name: 'odd options and claims',
      weight: 3,
      isAsync: true,
      isStateful: true,
      make: (random) => {
        const { base, known: knownNames, use: call } = random.pick(uses)
        const odd = oddObject(random, /** @type {any} */ (base), knownNames)
        // A message tells which types and claims a verifier expects: its own options, and nothing of a token.
        return { odd, call, told: ['typ', 'required'] }
      },
      calls: ({ odd, call }) => [() => call(subject, odd)],
    },
    {
      name: 'odd tokens and keys',
      weight: 2,
      isAsync: true,
      isStateful: true,
      make: (random) => ({ odd: oddValue(random), call: random.pick(takers) }),
      calls: ({ odd, call }) => [() => call(subject, odd)],
    },
  ]
}
