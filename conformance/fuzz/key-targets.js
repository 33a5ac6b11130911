// @ts-check
/** What reads keys: `importKey` of JWK, PEM and DER, JWK Sets, `calculateThumbprint`, `secret`. */
import { texts } from './hostile.js'
import { mutateDer } from './mutate-der.js'
import { mutateObject } from './mutate-json.js'
import { mutateText } from './mutate-text.js'
import { oddObject } from './odd-values.js'
import { corpus } from './subject.js'

/** @typedef {import('./random.js').Random} Random */
/** @typedef {import('./subject.js').Subject} Subject */
/** @typedef {import('./targets.js').Target} Target */

const jwks = Object.values(corpus.keys)
const donors = jwks.flatMap((jwk) => Object.values(jwk))
const members = [...new Set(jwks.flatMap((jwk) => Object.keys(jwk)))]
const pems = /** @type {string[]} */ (Object.values(corpus.pems))
const ders = pems.map(
  (pem) => new Uint8Array(Buffer.from(pem.replaceAll(/-----[^-]+-----|\s/g, ''), 'base64')),
)
const algorithms = [undefined, undefined, ...Object.keys(corpus.keys)]

/** @param {Random} random @returns {any} */
function mutatedJwk(random) {
  const jwk = random.pick(jwks)
  // Curves are small: their keys are what is imported most.
  const sample = jwk.kty === 'RSA' && random.oneIn(2) ? corpus.keys.ES256 : jwk
  return random.oneIn(12) ? oddObject(random, sample, members) : mutateObject(random, sample, donors)
}

/** @param {Random} random */
function options(random) {
  const algorithm = random.pick(algorithms)
  return {
    ...(algorithm === undefined ? {} : { algorithm }),
    ...(random.oneIn(4) ? { type: random.pick(['secret', 'public', 'private']) } : {}),
    ...(random.oneIn(4) ? { extractable: true } : {}),
    ...(random.oneIn(4) ? { passphrase: random.oneIn(4) ? random.pick(texts) : corpus.password } : {}),
  }
}

/** @param {Random} random @param {string} label @param {Uint8Array} der */
function pemOf(random, label, der) {
  const body = Buffer.from(der).toString('base64').replaceAll(/.{64}/g, '$&\n')
  const pem = `-----BEGIN ${label}-----\n${body}\n-----END ${label}-----\n`
  return random.oneIn(4) ? mutateText(random, pem) : pem
}

const labels = pems.map((pem) => /-----BEGIN ([^-]+)-----/.exec(pem)?.[1] ?? '')

/** @param {readonly Subject[]} subjects @returns {Target[]} */
export function keyTargets(subjects) {
  const importing = (/** @type {{ source: unknown, given: object }} */ { source, given }) =>
    subjects.map(
      ({ library }) =>
        () =>
          library['importKey'](source, given),
    )
  return [
    {
      name: 'importKey, JWK',
      weight: 4,
      isAsync: true,
      isStateful: true,
      make: (random) => ({ source: mutatedJwk(random), given: options(random) }),
      calls: importing,
    },
    {
      name: 'importKey, PEM',
      weight: 3,
      isAsync: true,
      make: (random) => {
        const at = random.below(pems.length)
        const der = /** @type {Uint8Array} */ (ders[at])
        const source = random.oneIn(3)
          ? mutateText(random, String(pems[at]))
          : pemOf(random, random.oneIn(8) ? random.pick(labels) : String(labels[at]), mutateDer(random, der))
        return { source, given: options(random), mayTakeLong: true }
      },
      calls: importing,
    },
    {
      name: 'importKey, DER',
      weight: 3,
      isAsync: true,
      make: (random) => ({
        source: mutateDer(random, random.pick(ders)),
        given: options(random),
        mayTakeLong: true,
      }),
      calls: importing,
    },
    {
      name: 'JWK Sets',
      weight: 3,
      isStateful: true,
      make: (random) => {
        const keys = Array.from({ length: random.below(4) }, () => mutatedJwk(random))
        const set = { keys, ...(random.oneIn(8) ? { other: 1 } : {}) }
        const verbs = ['createLocalJwkSet', 'createDecryptionJwkSet', 'createEncryptionJwkSet']
        return { set: random.oneIn(6) ? oddObject(random, set, ['keys']) : set, verb: random.pick(verbs) }
      },
      calls: ({ set, verb }) =>
        subjects.map(
          ({ library }) =>
            () =>
              library[verb](set),
        ),
    },
    {
      name: 'calculateThumbprint',
      weight: 1,
      isAsync: true,
      isStateful: true,
      make: (random) => ({ source: mutatedJwk(random) }),
      calls: ({ source }) =>
        subjects.map(
          ({ library }) =>
            () =>
              library['calculateThumbprint'](source),
        ),
    },
    {
      name: 'secret',
      weight: 2,
      make: (random) => {
        const pem = mutateText(random, random.pick(pems))
        const source = random.pick([
          pem,
          JSON.stringify(mutatedJwkText(random)),
          { base64url: pem },
          { hex: pem },
        ])
        return { source, algorithm: random.pick(['HS256', 'HS384', 'HS512']) }
      },
      calls: ({ source, algorithm }) =>
        subjects.map(
          ({ library }) =>
            () =>
              library['secret'](algorithm, source),
        ),
    },
  ]
}

/** @param {Random} random */
const mutatedJwkText = (random) => mutateObject(random, random.pick(jwks), donors)
