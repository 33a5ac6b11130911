// @ts-check
/** What reads encrypted tokens: `decryptJwt`, `openJwt`, and the other serializations of JWE. */
import { mutateSerialization, mutateSerializationText } from './mutate-serialization.js'
import { mutateToken } from './mutate-token.js'
import { corpus, lenient } from './subject.js'

/** @typedef {import('./random.js').Random} Random */
/** @typedef {import('./subject.js').Subject} Subject */
/** @typedef {import('./targets.js').Target} Target */

const jwes = /** @type {{ key: string, text: string, isNested?: boolean }[]} */ (corpus.jwes)
const others = jwes.map(({ text }) => text)
const donors = jwes.flatMap(({ text }) =>
  Object.values(JSON.parse(Buffer.from(text.slice(0, text.indexOf('.')), 'base64url').toString())),
)
/** Few iterations, so that a password is as quick as any other key; what it costs is bounded by `maxPbes2Iterations`. */
const options = Object.freeze({ allowZip: true, maxPbes2Iterations: 2000 })

/** @param {string} key */
const forKey = (key) => (key.startsWith('PBES2') ? { ...options, keyManagementAlgorithms: [key] } : options)

/** @param {Random} random */
function mutatedJwe(random) {
  const sample = random.pick(jwes)
  const context = { others, donors, sign: undefined }
  const key = random.oneIn(16) ? random.pick(jwes).key : sample.key
  const token = mutateToken(random, sample.text, context)
  return { token, key, isNested: random.oneIn(16) ? !sample.isNested : sample.isNested === true }
}

/** @param {readonly Subject[]} subjects @returns {Target[]} */
export function encryptedTargets(subjects) {
  return [
    {
      name: 'decryptJwt, openJwt',
      weight: 8,
      isAsync: true,
      make: mutatedJwe,
      calls: ({ token, key, isNested }) =>
        subjects.map(({ library, holders, reader }) => () => {
          const given = { ...forKey(key), ...lenient }
          if (!isNested) return library['decryptJwt'](token, holders[key], given)
          return library['openJwt'](token, {
            ...given,
            decryptWith: holders[key],
            verifyWith: reader('ES256'),
          })
        }),
    },
    {
      name: 'decryptFlattened, decryptGeneral',
      weight: 3,
      isAsync: true,
      make: (random) => {
        const sample = random.pick(corpus.encrypted)
        const mutate = random.oneIn(3) ? mutateSerialization : mutateSerializationText
        const isGeneral = 'recipients' in sample.value !== random.oneIn(12)
        return { token: mutate(random, sample.value, donors), key: sample.key, isGeneral }
      },
      calls: ({ token, key, isGeneral }) =>
        subjects.map(({ library, holders }) => () => {
          const verb = isGeneral ? 'decryptGeneral' : 'decryptFlattened'
          return library[verb](token, holders[key], forKey(key))
        }),
    },
  ]
}
