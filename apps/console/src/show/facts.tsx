import type { ComponentChildren, JSX } from 'preact'

/** A row's title and, in smaller letters below it, what else there is to say, one thing beside the other. */
export interface RowTextProps {
  readonly title: ComponentChildren
  readonly facts: readonly ComponentChildren[]
  readonly children?: ComponentChildren
}

export function RowText({ title, facts, children }: RowTextProps): JSX.Element {
  return (
    <div class="row">
      <div class="row-text">
        <p class="row-title">{title}</p>
        <p class="row-facts">
          {facts.filter(Boolean).map((fact, index) => (
            <span key={index}>{fact}</span>
          ))}
        </p>
      </div>
      {children !== undefined && <div class="row-actions">{children}</div>}
    </div>
  )
}

/** Names and values of one thing. */
export function Facts({
  facts,
}: {
  readonly facts: readonly (readonly [string, ComponentChildren])[]
}): JSX.Element {
  return (
    <dl class="facts">
      {facts.map(([name, value]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  )
}
