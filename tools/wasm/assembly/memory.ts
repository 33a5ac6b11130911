/**
 * What lies where, in octets. The host writes and reads these places; they are listed once more in
 * packages/jose/src/crypto/wasm-token-engine.ts. Below 1024 the compiler keeps constants.
 */

/** All that belongs to one key; the host copies it in and out as keys take turns. */
export const CONTEXT: usize = 1024
/** The state of the inner and of the outer hash of HMAC behind the key's block, 32 octets each. */
export const INNER: usize = CONTEXT
export const OUTER: usize = CONTEXT + 32
/** The first block of the text that was hashed last, 64 octets, and the inner state behind it, 32. */
export const FIRST: usize = CONTEXT + 64
export const AFTER_FIRST: usize = CONTEXT + 128
/** Not 0 when the two above are filled; 2 when they are since the host copied the context in. */
export const HAS_FIRST: usize = CONTEXT + 160

/** A key block (RFC 2104 §2: the key, filled up with zeros to 64 octets); wiped when it has been read. */
export const KEY: usize = 1280
/** The next sixteen words of a message schedule, with their round constants added. */
export const SCHEDULE: usize = 1536
/** The only block of the outer hash behind the key's; the inner hash is its beginning. */
export const OUTER_BLOCK: usize = 1792
/** A finished MAC. */
export const MAC: usize = 1856

/** A header as it stands in tokens, with the dot behind it: how long it is, and its text. */
export const HEADER_LENGTH: usize = 1984
export const HEADER: usize = 2048
/** Characters of a header that are compared, with the dot. */
export const LONGEST_HEADER: i32 = 512

/** A token: up to 16,384 characters, and room for the padding of the last block. The host may put the key's inner block before it. */
export const TEXT: usize = 4096
/** Octets that were decoded, or are to be encoded: as many as a token of that length can hold. */
export const DATA: usize = 24576

/**
 * Two models of payloads (likeness.ts): one of those whose signature was good, one of those that nobody verified. Each has
 * the length of its text, how many slots it has, the slots (where a value starts and ends in it, and whether it is text; 16
 * octets for each of 32 at most), and its text, 12288 octets at most: no token has a longer one.
 */
export const VERIFIED: usize = 46080
export const UNVERIFIED: usize = 58912
export const MODEL_SLOTS: usize = 16
export const MODEL_TEXT: usize = 528
/** What differs from a model: the number of its slot, where it starts and where it ends in DATA, 16 octets each. */
export const CHANGES: usize = 45056
/** The same as a number, where it is one. */
export const NUMBERS: usize = 45568

/** The octets of a payload that is to be signed; they stay for the next one (payload-draft.ts). */
export const DRAFT: usize = 73728
