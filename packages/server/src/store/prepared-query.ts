/** Queries of the hot path, compiled once: Kysely builds them, later calls only put the values in. */
import type { Compilable, CompiledQuery, RawBuilder } from 'kysely'
import { sql } from 'kysely'

const slot: unique symbol = Symbol('slot')

interface Slot {
  readonly [slot]: string
}

function nameOf(value: unknown): string | undefined {
  return typeof value === 'object' && value !== null ? (value as Partial<Slot>)[slot] : undefined
}

/**
 * Compiles a query with named slots. The returned function fills them.
 *
 * @param build Writes the query; `value('name')` stands for a value that comes later.
 */
export function prepareQuery<Row, Name extends string>(
  build: (value: <T>(name: Name) => RawBuilder<T>) => Compilable<Row>,
): (values: Readonly<Record<Name, unknown>>) => CompiledQuery<Row> {
  const value = <T>(name: Name): RawBuilder<T> => sql<T>`${{ [slot]: name } satisfies Slot}`
  const compiled = build(value).compile()
  const names = compiled.parameters.map(nameOf)
  return (values) => ({
    ...compiled,
    parameters: compiled.parameters.map((constant, index) => {
      const name = names[index]
      return name === undefined ? constant : values[name as Name]
    }),
  })
}
