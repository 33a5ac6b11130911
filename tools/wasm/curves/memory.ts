/**
 * What lies where, in octets; each curve has a module and a memory of its own. The host writes and reads the places that are
 * listed once more in packages/jose/src/crypto/curve-instance.ts.
 */

/** The prime of the field, the order of the group, and what else is constant of a curve, as limbs; the host writes them. */
export const PRIME: usize = 1024
export const ORDER: usize = 1072
export const CONSTANT: usize = 1120
export const ANOTHER_CONSTANT: usize = 1168

/** What `invert` works on, 4 numbers. */
export const INVERSE: usize = 1280

/** A signature, 64 octets; the hash of what was signed, up to 64; a public key, x and y of 32. Each with 8 octets to spare. */
export const SIGNATURE: usize = 1536
export const HASH: usize = 1664
export const KEY: usize = 1792
/** Two scalars that points are multiplied by: 32 octets, the lowest first, with 8 to spare. */
export const SCALARS: usize = 1920
export const SCALAR: usize = 40

/** The point that others are added to, 4 numbers. */
export const POINT: usize = 2048
/** What is needed for the moment, 12 numbers. */
export const SCRATCH: usize = 2304
/** A wide number, 19 limbs of 64 bits. */
export const WIDE: usize = 2816

/** The points of a window while it is made, with 5 numbers for each. */
export const BATCH: usize = 4096

/** The tables: that of the base point, then those of keys (windows.ts). */
export const TABLES: usize = 16384
