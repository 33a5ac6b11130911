// @ts-check
/** The files of Wycheproof, by the type of each group of tests; a type or parameters that JOSE has no use for are left out. */
import { existsSync, readdirSync } from 'node:fs'
import { NotDriven } from '../not-driven.js'
import { policyOf } from '../policy.js'
import { readOrFail, readVectors } from '../vectors.js'
import { describe } from '../verdict.js'
import { prepareAgreement } from './agreements.js'
import { prepareAead, prepareKeyWrap, prepareOaep } from './ciphers.js'
import { judgeDisputed, judgeLabelled } from './judge.js'
import { prepareEcdsa, prepareEddsa, prepareMac, prepareMlDsa, prepareRsa } from './signatures.js'
import { prepareTokens } from './tokens.js'

/**
 * @typedef {import('../surface.js').Surface} Surface
 * @typedef {import('../tally.js').Tally} Tally
 * @typedef {import('./judge.js').Verdict} Verdict
 *
 * @typedef {object} Prepared a group made ready
 * @property {(test: any) => Promise<Verdict>} verify
 * @property {(test: any) => string} [labelOf] what JOSE asks for, where it is not the label
 * @property {(test: any) => Promise<string | undefined>} [faultOf] what else has to hold of a disputed test
 *
 * @typedef {{ file: any, group: any }} Source
 * @typedef {(surface: Surface, source: Source) => Prepared | Promise<Prepared>} Prepare throws `NotDriven`
 */

/** @type {Readonly<Record<string, Prepare>>} */
const drivers = {
  JsonWebSignature: prepareTokens,
  JsonWebKey: prepareTokens,
  JsonWebCrypto: prepareTokens,
  JsonWebEncryption: prepareTokens,
  EcdsaP1363Verify: prepareEcdsa,
  EddsaVerify: prepareEddsa,
  MlDsaVerify: prepareMlDsa,
  RsassaPkcs1Verify: prepareRsa,
  RsassaPkcs1Generate: prepareRsa,
  RsassaPssVerify: prepareRsa,
  MacTest: prepareMac,
  AeadTest: prepareAead,
  KeywrapTest: prepareKeyWrap,
  RsaesOaepDecrypt: prepareOaep,
  XdhJwkComp: prepareAgreement,
  XdhComp: prepareAgreement,
  XdhAsnComp: prepareAgreement,
  XdhPemComp: prepareAgreement,
  EcdhTest: prepareAgreement,
  EcdhEcpointTest: prepareAgreement,
  EcdhPemTest: prepareAgreement,
  EcdhWebcryptoTest: prepareAgreement,
}

/**
 * @param {Surface} surface
 * @param {string} directory the folder of all vectors
 * @param {Tally} tally
 */
export async function runWycheproof(surface, directory, tally) {
  const folder = `${directory}/wycheproof`
  if (!existsSync(folder)) return
  const disputed = readDisputed(folder)
  const names = readdirSync(folder).filter((name) => name.endsWith('.json') && name !== 'DISPUTED.json')
  for (const name of names.sort()) {
    const place = { tally, name: `wycheproof ${name.replace(/(_test)?\.json$/, '')}` }
    const [file] = readOrFail({ folder, file: name, group: place.name }, tally)
    if (file === undefined) continue
    if (!Array.isArray(file.testGroups))
      tally.skip(place.name, name, 'a file without groups of tests has no driver')
    else
      for (const group of file.testGroups) await runGroup(surface, { file, name, group }, { disputed, place })
  }
}

/** The tests whose label is not to be followed blindly, as `file#tcId`. @param {string} folder */
function readDisputed(folder) {
  /** @type {Map<string, string>} */
  const notes = new Map()
  for (const { file, tcIds = [], note } of readVectors(folder, 'DISPUTED.json') ?? []) {
    for (const tcId of tcIds) notes.set(`${file}#${tcId}`, note)
  }
  return notes
}

/**
 * @param {Surface} surface
 * @param {Source & { name: string }} source
 * @param {{ disputed: Map<string, string>, place: import('./judge.js').Place }} context
 */
async function runGroup(surface, { file, name, group }, { disputed, place }) {
  const prepared = await prepare(surface, { file, group })
  for (const test of group.tests ?? []) {
    const id = `${name}#${test.tcId}`
    if ('reason' in prepared) place.tally.skip(place.name, id, prepared.reason)
    else
      await runTest(prepared, { id, test, isDisputed: disputed.has(id) || policyOf(id) !== undefined }, place)
  }
}

/** @param {Surface} surface @param {Source} source @returns {Promise<Prepared | { reason: string }>} */
async function prepare(surface, source) {
  const { type } = source.group
  const driver = Object.hasOwn(drivers, type) ? drivers[type] : undefined
  if (driver === undefined) return { reason: `tests of type ${type} have no driver` }
  try {
    return await driver(surface, source)
  } catch (error) {
    if (error instanceof NotDriven) return { reason: error.message }
    return { verify: async () => ({ broken: `the driver could not open the group: ${describe(error)}` }) }
  }
}

/**
 * @param {Prepared} prepared
 * @param {{ id: string, test: any, isDisputed: boolean }} subject
 * @param {import('./judge.js').Place} place
 */
async function runTest({ verify, labelOf, faultOf }, { id, test, isDisputed }, place) {
  try {
    const verdict = await verify(test)
    if (verdict.broken !== undefined) place.tally.fail(place.name, id, verdict.broken)
    else if (isDisputed) judgeDisputed({ id, fault: await faultOf?.(test) }, verdict, place)
    else judgeLabelled({ id, test, label: labelOf?.(test) ?? test.result }, verdict, place)
  } catch (error) {
    if (error instanceof NotDriven) place.tally.skip(place.name, id, error.message)
    else place.tally.fail(place.name, id, `the driver could not run it: ${describe(error)}`)
  }
}
