/** A user for those who only want to look: a name nobody has, and a password as a person should choose one. */

const words =
  'amber anchor basil birch cedar clay cobalt copper coral cumin dune ember fern flint ginger granite hazel heron indigo iris ivory jade juniper kelp lapis larch linen lotus maple marble mica mint moss nettle oak olive onyx opal orchid pearl pine plum poppy quartz reed rowan saffron sage sand silver slate spruce straw thyme topaz tulip umber violet walnut willow wool'.split(
    ' ',
  )

export interface InventedUser {
  readonly username: string
  readonly password: string
}

/** @param draw A whole number from 0 up to `limit`, evenly. Default from the browser's source of chance. */
export function inventUser(draw: (limit: number) => number = drawEvenly): InventedUser {
  const word = (): string => words[draw(words.length)] ?? ''
  return {
    username: `${word()}-${1000 + draw(9000)}`,
    password: Array.from({ length: 5 }, word).join(' '),
  }
}

function drawEvenly(limit: number): number {
  const bound = Math.floor(0x1_0000_0000 / limit) * limit
  for (;;) {
    const [value = 0] = crypto.getRandomValues(new Uint32Array(1))
    if (value < bound) return value % limit
  }
}
