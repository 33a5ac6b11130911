// @ts-check
/** JavaScript values that no JSON holds: what a caller's mistake, or a hostile object, may hand to a function. */
import { names, numberLiterals, texts } from './hostile.js'
import { randomJson } from './mutate-json.js'
import { choose } from './random.js'

/** @typedef {import('./random.js').Random} Random */
/** @typedef {{ [name: string]: unknown }} Members */

class Odd {
  inherited = 1
  get value() {
    return 'x'
  }
}

/** @param {Random} random @returns {unknown} */
export function oddValue(random) {
  return choose(random, [
    [6, () => randomJson(random)],
    [1, () => undefined],
    [1, () => Symbol('odd')],
    [1, () => 10n],
    [1, () => () => 'x'],
    [1, () => random.pick([Number.NaN, Number.POSITIVE_INFINITY, -0, ...numberLiterals.map(Number)])],
    [1, () => new Date(random.oneIn(2) ? 1_700_000_000_000 : Number.NaN)],
    [1, () => random.bytes(random.below(80))],
    [1, () => detached()],
    [1, () => new DataView(new ArrayBuffer(4))],
    [1, () => new Map([['a', 1]])],
    [1, () => new Odd()],
    [1, () => Promise.resolve('x')],
    [1, () => Object.create(null)],
    [1, () => new String('HS256')],
    [1, () => withHoles(random.pick([3, 1000]))],
    [1, () => cycle()],
    [1, () => nested(random.pick([30, 63, 64, 65, 3000]))],
    [1, () => hostileProxy(random)],
    [1, () => hostileObject(random)],
    [1, () => RegExp('a', 'g')],
    [1, () => new Error('odd')],
  ])
}

/** An object of odd members. @param {Random} random @param {Members} base @param {readonly string[]} known names that mean something there */
export function oddObject(random, base, known) {
  /** @type {Members} */
  const object = random.oneIn(8) ? Object.create(random.oneIn(2) ? null : { inherited: 1 }) : {}
  Object.assign(object, base)
  for (let count = 1 + random.below(2); count > 0; count -= 1) {
    const name = random.oneIn(5) ? random.pick(names) : random.pick(known)
    const value = oddValue(random)
    const descriptor = random.oneIn(6) ? accessor(random, value) : { value, writable: true }
    Object.defineProperty(object, name, { ...descriptor, enumerable: true, configurable: true })
  }
  return random.oneIn(16) ? new Proxy(object, {}) : object
}

/** A getter that says something else each time, or throws. @param {Random} random @param {unknown} value */
function accessor(random, value) {
  let reads = 0
  const fails = random.oneIn(3)
  return {
    get() {
      reads += 1
      if (fails) throw new TypeError('a getter of the caller failed')
      return reads === 1 ? value : random.pick(texts)
    },
  }
}

/** A proxy one of whose traps throws, or which was revoked. @param {Random} random */
function hostileProxy(random) {
  if (random.oneIn(4)) {
    const { proxy, revoke } = Proxy.revocable({}, {})
    revoke()
    return proxy
  }
  const trap = random.pick(['get', 'has', 'ownKeys', 'getOwnPropertyDescriptor', 'getPrototypeOf'])
  return new Proxy(random.oneIn(2) ? { kty: 'oct', alg: 'HS256' } : [], {
    [trap]() {
      throw new RangeError('a trap of the caller failed')
    },
  })
}

/** Conversions that throw or lie. @param {Random} random */
function hostileObject(random) {
  const fail = () => {
    throw new Error('a conversion of the caller failed')
  }
  /** @type {object[]} */
  const objects = [
    { toString: fail, valueOf: fail },
    { [Symbol.toPrimitive]: fail },
    { toJSON: fail },
    { toJSON: () => ({ toJSON: 1 }) },
    {
      get length() {
        return fail()
      },
    },
    {
      get [Symbol.toStringTag]() {
        return fail()
      },
    },
    { [Symbol.toStringTag]: 'Uint8Array' },
    thenable({ value: fail }),
    thenable({ get: fail }),
    {
      *[Symbol.iterator]() {
        yield fail()
      },
    },
  ]
  return random.pick(objects)
}

function cycle() {
  /** @type {Members} */
  const object = { a: [] }
  object['self'] = object
  return object
}

/** An object that `await` takes for a promise. @param {PropertyDescriptor} descriptor */
function thenable(descriptor) {
  // oxlint-disable-next-line unicorn/no-thenable -- to be taken for a promise is what it is for
  return Object.defineProperty({}, 'then', { ...descriptor, enumerable: true })
}

/** An array that has a length and nothing else. @param {number} length */
function withHoles(length) {
  /** @type {unknown[]} */
  const list = []
  list.length = length
  return list
}

/** @param {number} levels */
function nested(levels) {
  /** @type {unknown} */
  let value = 0
  for (let level = 0; level < levels; level += 1) value = level % 2 === 0 ? [value] : { a: value }
  return value
}

/** Bytes whose buffer has gone elsewhere. */
function detached() {
  const bytes = new Uint8Array(40).fill(7)
  structuredClone(bytes.buffer, { transfer: [bytes.buffer] })
  return bytes
}
