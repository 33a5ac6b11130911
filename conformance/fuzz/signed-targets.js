// @ts-check
/** What reads signed tokens: `decode`, verifiers cold and warm, key sets, `decodeUnverified`, and the other serializations. */
import { mutateSerialization, mutateSerializationText } from './mutate-serialization.js'
import { mutateToken } from './mutate-token.js'
import { mayBeAccepted } from './soundness.js'
import { corpus, isHmac, lenient, now, signerFor, strict } from './subject.js'

/** @typedef {import('./random.js').Random} Random */
/** @typedef {import('./subject.js').Subject} Subject */
/** @typedef {import('./targets.js').Target} Target */

const jwts = /** @type {{ key: string, text: string }[]} */ (corpus.jwts)
const others = jwts.map(({ text }) => text)
const donors = jwts.flatMap(({ text }) =>
  text
    .split('.', 2)
    .flatMap((segment) => Object.values(JSON.parse(Buffer.from(segment, 'base64url').toString()))),
)
const hmacJwts = jwts.filter(({ key }) => isHmac(key))
const keyNames = [...new Set(jwts.map(({ key }) => key))]

/** A mutated token, and the name of the key to read it with. @param {Random} random @param {boolean} onlyHmac */
function mutatedJwt(random, onlyHmac) {
  const sample = random.pick(onlyHmac || !random.oneIn(12) ? hmacJwts : jwts)
  const sign = signerFor(sample.key)
  // A signature of a public key is made anew now and then only: it takes fifty times as long.
  const context = { others, donors, sign: isHmac(sample.key) || random.oneIn(8) ? sign : undefined }
  const key = random.oneIn(16) ? random.pick(keyNames) : sample.key
  return { token: mutateToken(random, sample.text, context), key }
}

/** @param {readonly Subject[]} subjects @returns {Target[]} */
export function signedTargets(subjects) {
  const [first] = subjects
  if (first === undefined) return []
  const synchronous = (/** @type {string} */ key) => (isHmac(key) ? subjects : [first])
  const decodeOptions = { audience: null, now }
  return [
    {
      name: 'decode',
      weight: 90,
      make: (random) => mutatedJwt(random, subjects.length > 1),
      mayBeAccepted: ({ token, key }) => mayBeAccepted(token, key),
      calls: ({ token, key }) =>
        synchronous(key).flatMap(({ library, reader, warm }) => [
          () => library['decode'](token, reader(key), decodeOptions),
          () => warm[key]?.lenient.verifySync(token),
        ]),
    },
    {
      name: 'verifySync, strict',
      weight: 24,
      make: (random) => mutatedJwt(random, subjects.length > 1),
      mayBeAccepted: ({ token, key }) => mayBeAccepted(token, key),
      calls: ({ token, key }) =>
        synchronous(key).flatMap(({ library, reader, warm }) => [
          () => library['createVerifier']({ keys: reader(key), ...strict }).verifySync(token),
          () => warm[key]?.strict.verifySync(token),
          () => valueOf(warm[key]?.strict.safeVerifySync(token)),
        ]),
    },
    {
      name: 'verifySync, JWK Set',
      weight: 12,
      make: (random) => mutatedJwt(random, false),
      calls: ({ token }) => [
        () => first.library['createVerifier']({ keys: first.jwkSet, ...lenient }).verifySync(token),
        () => first.warmSet.verifySync(token),
      ],
    },
    {
      name: 'verifyJwt',
      weight: 6,
      isAsync: true,
      make: (random) => mutatedJwt(random, false),
      mayBeAccepted: ({ token, key }) => mayBeAccepted(token, key),
      calls: ({ token, key }) =>
        subjects
          .filter(({ holders }) => holders[key] !== undefined)
          .flatMap(({ library, reader, warm }) => [
            () => library['verifyJwt'](token, reader(key), lenient),
            () => warm[key]?.lenient.verify(token),
            async () => valueOf(await library['safeVerifyJwt'](token, reader(key), lenient)),
          ]),
    },
    {
      name: 'decodeUnverified',
      weight: 30,
      make: (random) => mutatedJwt(random, true),
      calls: ({ token }) =>
        subjects.map(
          ({ library }) =>
            () =>
              library['decodeUnverified'](token),
        ),
    },
    proofTarget(subjects),
    compactTarget(subjects),
    jsonTarget(subjects, 'verifyFlattened', corpus.flattened),
    jsonTarget(subjects, 'verifyGeneral', corpus.general),
  ]
}

/** The value of a `safe…` result; its error is thrown. @param {any} result */
function valueOf(result) {
  if (result.ok === false) throw result.error
  return result
}

/** @param {boolean | undefined} isDetached */
const payloadOption = (isDetached) => (isDetached ? { payload: corpus.detached } : {})

/** @param {readonly Subject[]} subjects @returns {Target} */
function proofTarget(subjects) {
  const request = { method: 'GET', url: 'https://api.example/me', now }
  const waived = { accessToken: null, expectedThumbprint: null, replayStore: null }
  return {
    name: 'verifyDpopProof',
    weight: 3,
    isAsync: true,
    make: (random) => {
      const { text, key } = random.pick(corpus.proofs)
      const sign = key === 'Ed25519' ? signerFor(key) : undefined
      return { proof: mutateToken(random, text, { others: [...others, text], donors, sign }) }
    },
    calls: ({ proof }) =>
      subjects.map(
        ({ library }) =>
          () =>
            library['verifyDpopProof'](proof, { ...request, ...waived }),
      ),
  }
}

/** @param {readonly Subject[]} subjects @returns {Target} */
function compactTarget(subjects) {
  return {
    name: 'verifyCompact',
    weight: 4,
    isAsync: true,
    make: (random) => {
      const sample = random.pick(corpus.compact)
      const sign = isHmac(sample.key) ? signerFor(sample.key) : undefined
      const token = mutateToken(random, sample.value, { others, donors, sign })
      return { token, key: sample.key, isDetached: random.oneIn(8) ? !sample.isDetached : sample.isDetached }
    },
    calls: ({ token, key, isDetached }) =>
      subjects.map(
        ({ library, reader }) =>
          () =>
            library['verifyCompact'](token, reader(key), payloadOption(isDetached)),
      ),
  }
}

/** @param {readonly Subject[]} subjects @param {'verifyFlattened' | 'verifyGeneral'} verb @param {readonly any[]} samples @returns {Target} */
function jsonTarget(subjects, verb, samples) {
  return {
    name: verb,
    weight: 4,
    isAsync: true,
    make: (random) => {
      const sample = random.pick(samples)
      const mutate = random.oneIn(3) ? mutateSerialization : mutateSerializationText
      const token = mutate(random, sample.value, donors)
      const policy = random.pick(['all', 'any', [sample.key]])
      return { token, key: sample.key, isDetached: sample.isDetached, policy }
    },
    calls: ({ token, key, isDetached, policy }) =>
      subjects.map(({ library, reader }) => () => {
        const options = verb === 'verifyGeneral' ? { policy } : payloadOption(isDetached)
        return library[verb](token, reader(key), options)
      }),
  }
}
