/** Views of buffers that are used again and again. */

/** Views are kept up to this length: making one costs as much as a short hash of what is in it. */
const keptViews = 4096

/** What gives a view of the first octets. */
export function createViews(octets: Uint8Array): (length: number) => Uint8Array {
  const views: (Uint8Array | undefined)[] = []
  return (length) =>
    length < keptViews ? (views[length] ??= octets.subarray(0, length)) : octets.subarray(0, length)
}
