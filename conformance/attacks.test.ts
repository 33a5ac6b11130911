import { expect, test } from 'vitest'
import { attempt } from './attacks/attempt.js'
import { runAttacks } from './attacks/attacks.js'
import { openRoute, routesOf } from './attacks/routes.js'
import { readAttacks } from './conformance.js'
import { policyOf } from './policy.js'
import { surface } from './source-surface.ts'
import { createTally } from './tally.js'
import { findVectors, tokensOf, usualVectorCount } from './vectors.js'

const { directory, found } = findVectors(undefined)
const { jose } = surface
const tally = createTally()
const corpus = readAttacks(directory, tally)

/** The groups of the corpus, driven; none where the folder is absent. */
async function driveCorpus() {
  if (found) await runAttacks(jose, corpus, tally)
  else console.warn(`No folder of vectors at ${directory}: ${usualVectorCount} vectors were left out.`)
  return tally
}

const { rows, failures, skips, decisions, sum } = await driveCorpus()

test.for([...rows.keys()])('every entry of %s comes out as it must', (group) => {
  expect(failures.filter((failure) => failure.group === group)).toEqual([])
})

test('the attack corpus is driven wherever its folder is, and nothing of it is left out', () => {
  expect(sum().passed > 600).toBe(found)
  expect(skips).toEqual([])
})

test('every entry that the RFCs leave open is decided in policy.js', () => {
  expect(decisions.filter(({ id }) => policyOf(id) === undefined)).toEqual([])
})

test('T45 whatever only the holder of the key can see has one error with one message', async () => {
  const attacks: readonly { readonly id: string; readonly api: string }[] = corpus.attacks ?? []
  const sealed = attacks.filter((entry) =>
    /flip|header-changed|bad-padding|epk-not-on-curve|epk-zero|x25519|cek-too-short|sha-mismatch|key-swapped|not-compressed/.test(
      entry.api === 'jwt.decrypt' ? entry.id : '',
    ),
  )
  const said = new Set<string>()
  for (const entry of sealed) {
    for (const route of routesOf({ jose, records: corpus.keys }, entry)) {
      if (!route.name.startsWith('decryptJwt')) continue
      const { verdict } = await attempt(entry, await openRoute(jose, route), tokensOf(entry, directory)[0])
      if (verdict.kind !== 'refused') throw new Error(`${entry.id} was not refused`)
      if (verdict.code !== 'alg_not_allowed') said.add(`${verdict.code}: ${verdict.message}`)
    }
  }
  expect(sealed.length > 25).toBe(found)
  expect([...said]).toEqual(found ? ['decrypt_failed: the token cannot be decrypted with this key'] : [])
})
