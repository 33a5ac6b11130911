/**
 * How many requests are answered at once. What they wait for (the database's turn, the throttle, a body, a hash) waits no
 * longer than the bound: beyond it a request is told so at once, and takes no memory.
 */
import type { Answer } from './answer.ts'

/** What a database does in a few seconds; of bodies a quarter of a gigabyte. */
const mostUnderWay = 4096

export type Bound = (act: () => Answer | Promise<Answer>, refusal: Answer) => Answer | Promise<Answer>

/** @returns what acts unless too many acts are under way, and then gives `refusal` */
export function createBound(most: number = mostUnderWay): Bound {
  let underWay = 0
  return (act, refusal) => {
    if (underWay >= most) return refusal
    const answer = act()
    if (!(answer instanceof Promise)) return answer
    underWay += 1
    return answer.finally(() => (underWay -= 1))
  }
}
