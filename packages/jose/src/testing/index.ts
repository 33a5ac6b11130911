/** For test suites: an issuer without a network, and every published attack to run a verifier against. */
export { attackCorpus, type CorpusEntry } from './attack-corpus.ts'
export { formatReport } from './format-report.ts'
export { attackCategories, type AttackCategory, type CorpusEntryInfo } from './recipe.ts'
export {
  type AttackReport,
  type Finding,
  runAttackCorpus,
  type RunAttackCorpusOptions,
  type VerifierUnderTest,
} from './run-attack-corpus.ts'
export type { TestClock } from './test-clock.ts'
export {
  createTestIssuer,
  type Forgery,
  type TestClaims,
  type TestIssuer,
  type TestIssuerOptions,
  type TestTokenOptions,
  type TestTrust,
} from './test-issuer.ts'
