/** How long a token server keeps what those who verify its tokens may still need. */

/** A token outlives its entry in the feed by no clock tolerance of ours. */
export const keepMarginSeconds = 60

/** A verifier keeps keys for five minutes, and follows the feed with a delay of one at most. */
export const verifierSeconds = 360
