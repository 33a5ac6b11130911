/** The library's sources as the suites see them, for tests that run without a build. */
import { openSurface, type Surface } from './surface.js'

const sources = new URL('../packages/jose/src/', import.meta.url)

export const surface: Surface = await openSurface(
  (path) => import(new URL(`${path}.ts`, sources).href) as Promise<unknown>,
)
