// @ts-check
/** Tokens whose last segment, a MAC or a tag, is wrong in one place. */
import { randomBytes } from 'node:crypto'

/** As many as keep the processor from knowing them by heart. */
export const poolSize = 256

/** @typedef {'first' | 'last' | 'everywhere'} Place */

/**
 * Tokens, each with its last segment wrong in a place. Each is a text of its own, and no two have a MAC in common: a pool with
 * one MAC but for an octet is a text that the processor learns, and told a pool of random ones from it by 20 ns, with nothing
 * compared.
 *
 * @param {readonly string[]} tokens good ones, all different
 * @param {Place} place `first` and `last` octet; `everywhere` is a random one
 */
export function wrongTokens(tokens, place) {
  return tokens.map((token) => {
    const dot = token.lastIndexOf('.') + 1
    const right = Buffer.from(token.slice(dot), 'base64url')
    const wrong = place === 'everywhere' ? randomBytes(right.length) : Buffer.from(right)
    const at = place === 'first' ? 0 : right.length - 1
    wrong[at] = (right[at] ?? 0) ^ (1 + Math.floor(Math.random() * 255))
    return copyText(token.slice(0, dot) + wrong.toString('base64url'))
  })
}

/**
 * The same characters in another place, as one piece: a text that was put together is made one when it is first read, which
 * takes time.
 *
 * @param {string} text of ASCII
 */
export const copyText = (text) => Buffer.from(text, 'latin1').toString('latin1')
