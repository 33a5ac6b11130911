/** The readable side of a refresh token, `rt_<kid>.<session>.<generation>.<mac>`: everything but what makes it valid. */

export interface RefreshTokenSight {
  /** The text before the MAC. */
  readonly prefix: string
  readonly generation: number
}

/** @returns `null` for a refresh token of another form, of which nothing is shown. */
export function sightRefreshToken(refreshToken: string): RefreshTokenSight | null {
  const segments = refreshToken.split('.')
  const generation = segments[2] ?? ''
  if (segments.length !== 4 || !/^\d+$/.test(generation)) return null
  return { prefix: segments.slice(0, 3).join('.'), generation: Number(generation) }
}
