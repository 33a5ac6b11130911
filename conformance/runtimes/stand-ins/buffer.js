/** Node's `Buffer`, or on a runtime without it the part of it that the tests use. */

const decoders = {
  utf8: (/** @type {string} */ text) => new TextEncoder().encode(text),
  hex: (/** @type {string} */ text) =>
    Uint8Array.from(text.match(/[0-9a-f]{2}/gi) ?? [], (pair) => Number.parseInt(pair, 16)),
  base64: fromBase64,
  base64url: fromBase64,
  latin1: (/** @type {string} */ text) => Uint8Array.from(text, (letter) => letter.charCodeAt(0) & 0xff),
  utf16le: (/** @type {string} */ text) =>
    Uint8Array.from(
      { length: text.length * 2 },
      (_, at) => (text.charCodeAt(at >> 1) >> ((at & 1) * 8)) & 0xff,
    ),
}

const encoders = {
  utf8: (/** @type {Uint8Array} */ bytes) => new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes),
  hex: (/** @type {Uint8Array} */ bytes) =>
    Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join(''),
  base64: toBase64,
  base64url: (/** @type {Uint8Array} */ bytes) =>
    toBase64(bytes).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', ''),
  latin1: toLatin1,
  utf16le: (/** @type {Uint8Array} */ bytes) => new TextDecoder('utf-16le').decode(bytes),
}

/** @param {Uint8Array} bytes */
function toLatin1(bytes) {
  let text = ''
  for (const byte of bytes) text += String.fromCharCode(byte)
  return text
}

/** @param {Uint8Array} bytes */
function toBase64(bytes) {
  return btoa(toLatin1(bytes))
}

/** As forgiving as Buffer: either alphabet, padding or none. @param {string} text */
function fromBase64(text) {
  const letters = text
    .replaceAll('-', '+')
    .replaceAll('_', '/')
    .replaceAll(/[^A-Za-z0-9+/]/g, '')
  return decoders.latin1(atob(letters.length % 4 === 1 ? letters.slice(0, -1) : letters))
}

/** @template T @param {Record<string, T>} table @param {string} encoding @returns {T} */
function codecFor(table, encoding) {
  const names = { 'utf-8': 'utf8', binary: 'latin1', ascii: 'latin1', ucs2: 'utf16le' }
  const codec = table[/** @type {Record<string, string>} */ (names)[encoding] ?? encoding]
  if (codec === undefined) throw new Error(`the stand-in of Buffer has no ${encoding}`)
  return codec
}

class PortableBuffer extends Uint8Array {
  static from(/** @type {any} */ source, /** @type {any} */ encoding = 'utf8', /** @type {any} */ length) {
    if (typeof source === 'string') return view(codecFor(decoders, encoding)(source))
    if (source instanceof ArrayBuffer)
      return new PortableBuffer(source, encoding === 'utf8' ? 0 : encoding, length)
    return new PortableBuffer(source)
  }

  static alloc(/** @type {number} */ length, /** @type {any} */ fill = 0) {
    const made = new PortableBuffer(length)
    return typeof fill === 'number' ? made.fill(fill) : made.map((_, at) => fill.charCodeAt(at % fill.length))
  }

  static concat(/** @type {readonly Uint8Array[]} */ parts) {
    const joined = new PortableBuffer(parts.reduce((length, part) => length + part.length, 0))
    let at = 0
    for (const part of parts) {
      joined.set(part, at)
      at += part.length
    }
    return joined
  }

  static isBuffer(/** @type {unknown} */ value) {
    return value instanceof PortableBuffer
  }

  static byteLength(/** @type {string} */ text) {
    return decoders.utf8(text).length
  }

  toString(encoding = 'utf8') {
    return codecFor(encoders, encoding)(this)
  }

  equals(/** @type {Uint8Array} */ other) {
    return this.length === other.length && this.every((byte, at) => byte === other[at])
  }

  swap16() {
    for (let at = 0; at + 1 < this.length; at += 2) this.subarray(at, at + 2).reverse()
    return this
  }

  writeUInt32BE(/** @type {number} */ value, at = 0) {
    new DataView(this.buffer, this.byteOffset, this.byteLength).setUint32(at, value)
    return at + 4
  }
}

/** @param {Uint8Array} bytes */
function view(bytes) {
  return new PortableBuffer(bytes.buffer, bytes.byteOffset, bytes.byteLength)
}

/** @type {any} */
export const Buffer = /** @type {any} */ (globalThis).Buffer ?? PortableBuffer
