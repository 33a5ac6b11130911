import { describe, expect, test } from 'vitest'
import { cutGraph } from '../late-part.js'

const entry = '/src/index.ts'
const other = '/src/late.ts'

/** Two modules, of which the first imports from the second, or the other way round. */
function graphOf({ kind, back = false, byCall = false }: { kind: string; back?: boolean; byCall?: boolean }) {
  const exports = new Map([['thing', { kind, at: 0 }]])
  const way = (from: string, names: string[], late = false) => ({ from, names, late })
  const there = way(other, back ? ['start'] : ['thing'], byCall)
  return new Map([
    [entry, { text: '', exports: back ? exports : new Map(), imports: [there] }],
    [
      other,
      {
        text: '',
        exports: back ? new Map([['start', { kind: 'function', at: 0 }]]) : exports,
        imports: back ? [way(entry, ['thing'])] : [],
      },
    ],
  ])
}
const cut = (graph: ReturnType<typeof graphOf>) => cutGraph(graph, [entry], (path) => path === other)

describe('where a bundle is cut in two', () => {
  test.each(['function', 'async function'])('the first part may call: %s', (kind) => {
    const { late, called, given } = cut(graphOf({ kind }))
    expect([...late]).toEqual([other])
    expect([...(called.get(other) ?? [])]).toEqual(['thing'])
    expect(given.size).toBe(0)
  })

  test.each(['const', 'let', 'class', 'generator'])('the first part may not take: %s', (kind) => {
    expect(() => cut(graphOf({ kind }))).toThrow(
      '/src/index.ts: expected of /src/late.ts, across the cut: function',
    )
  })

  test.each(['function', 'async function', 'class', 'const'])('the late part may be given: %s', (kind) => {
    const { given } = cut(graphOf({ kind, back: true }))
    expect([...(given.get(entry) ?? [])]).toEqual(['thing'])
  })

  test('the late part may not be given what may change', () => {
    expect(() => cut(graphOf({ kind: 'let', back: true }))).toThrow('/src/late.ts: expected of /src/index.ts')
  })

  test('nothing crosses by `import()`, which would find a file of its own', () => {
    const graph = graphOf({ kind: 'function', back: true, byCall: true })
    expect(() => cut(graph)).toThrow('/src/index.ts: expected of /src/late.ts')
  })
})
