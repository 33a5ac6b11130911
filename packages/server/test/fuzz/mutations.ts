/** Changes that turn a good request into one that nobody means. */
import fc from 'fast-check'
import { bodyMutations } from './body-mutations.ts'
import { headerMutations, methodMutations, targetMutations } from './envelope-mutations.ts'
import type { Mutation } from './mutation.ts'

/** One change. Those of the body have most of the weight: most of what reads requests reads bodies. */
export const mutation: fc.Arbitrary<Mutation> = fc.oneof(
  { weight: 6, arbitrary: fc.oneof(...bodyMutations) },
  { weight: 3, arbitrary: fc.oneof(...headerMutations) },
  { weight: 2, arbitrary: fc.oneof(...targetMutations) },
  { weight: 1, arbitrary: fc.oneof(...methodMutations) },
)
