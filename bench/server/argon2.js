// @ts-check
/** The password hashing of every server here: Argon2id, 19 MiB, two passes, one lane, as Tessera has it. */
import { hash, verify } from '@node-rs/argon2'

export const argon2Parameters = { algorithm: 2, memoryCost: 19_456, timeCost: 2, parallelism: 1 }

/** @param {string} password */
export const hashPassword = (password) => hash(password, argon2Parameters)

/** @param {string} phc @param {string} password */
export const verifyPassword = (phc, password) => verify(phc, password)
