// @ts-check
/**
 * Differential test: `@tessera/jose` as built, against npm `jose`.
 *
 *     npm run test:differential -- [--runs N] [--seed S] [--only TEXT]
 *
 * Prints tokens by algorithm and serialization, mutants by kind, and each rule by which the two may differ.
 */
import { parseArgs } from 'node:util'
import { setupOrExit } from '../../tools/setup.js'

const { values } = parseArgs({
  options: {
    runs: { type: 'string', default: '6' },
    seed: { type: 'string', default: '1' },
    only: { type: 'string', default: '' },
  },
})

/** Mutants for each token of the table. */
const mutantsPerRun = 4
/** Whose tokens are mutated: a key of each kind. */
const mutated = [
  ...'HS256 HS512 RS256 PS256 ES256 ES512 Ed25519 ML-DSA-65 A128KW A256GCMKW RSA-OAEP-256'.split(' '),
  'dir A128GCM',
  'dir A256CBC-HS512',
  'PBES2-HS256+A128KW',
  'ECDH-ES P-256',
  'ECDH-ES+A128KW X25519',
]

/** @param {string} text @param {string} name */
function wholeNumber(text, name) {
  if (/^\d{1,9}$/.test(text)) return Number(text)
  throw new Error(`--${name}: expected a whole number`)
}

async function main() {
  const [runs, seed] = [wholeNumber(values.runs, 'runs'), wholeNumber(values.seed, 'seed')]
  await setupOrExit()
  // All of these read the built library, and npm `jose`, which is installed by now.
  const { missingSignatures, signatureKeys, encryptionKeys } = await import('./algorithms.js')
  const { jwsRoundTrips, jweRoundTrips } = await import('./round-trips.js')
  const { encryptedJwts, signedJwts } = await import('./jwts.js')
  const { keyForms } = await import('./key-forms.js')
  const { encryptionFamilies } = await import('./encrypted-mutants.js')
  const { keyFamilies } = await import('./key-mutants.js')
  const { signatureFamilies } = await import('./signed-mutants.js')
  const { readMutants } = await import('./mutants.js')
  const { tabledSignatures } = await import('./tabled-signatures.js')
  const { createTally } = await import('./tally.js')
  const { printReport } = await import('./report.js')

  const began = performance.now()
  const isWanted = (/** @type {{ label: string }} */ { label }) => label.includes(values.only)
  const others = await signatureKeys()
  const signing = others.filter(isWanted)
  const encrypting = (await encryptionKeys()).filter(isWanted)
  const effort = { seed, runs }
  const [signed, encrypted, keys, mutants] = [createTally(), createTally(), createTally(), createTally()]
  const tabled = createTally()
  await tabledSignatures(tabled, { ...effort, only: values.only })
  await keyForms(keys, [...signing, ...encrypting])
  await jwsRoundTrips(signed, signing, { ...effort, others })
  await signedJwts(signed, signing, effort)
  await jweRoundTrips(encrypted, encrypting, effort)
  await encryptedJwts(encrypted, encrypting, effort)
  const many = { seed, runs: runs * mutantsPerRun }
  const results = { tally: mutants, rules: new Map() }
  const isMutated = (/** @type {{ label: string }} */ { label }) => mutated.includes(label)
  await readMutants(results, signatureFamilies, signing.filter(isMutated), many)
  await readMutants(results, encryptionFamilies, encrypting.filter(isMutated), many)
  await readMutants(results, keyFamilies, [...signing, ...encrypting].filter(isMutated), many)
  return printReport(
    { keys, signed, encrypted, mutants, tabled, rules: results.rules },
    {
      seconds: (performance.now() - began) / 1000,
      missing: await missingSignatures(),
      ...effort,
    },
  )
}

try {
  process.exitCode = await main()
} catch (error) {
  console.error(`differential: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`)
  process.exitCode = 2
}
