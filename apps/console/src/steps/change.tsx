import type { JSX } from 'preact'
import { useState } from 'preact/hooks'
import { callWithToken } from '../call-api.ts'
import { useMessages } from '../language/context.ts'
import type { View } from '../playground.ts'
import { ExchangeView, useExchange } from '../show/exchange.tsx'
import { LogInFirst, Step } from '../show/step.tsx'
import { TokenEditor } from '../show/token-editor.tsx'
import { changeCharacter, changedPositions } from '../token/change-character.ts'
import { partNames } from '../token/parts.ts'

export function Change({ view }: { readonly view: View }): JSX.Element {
  const { change } = useMessages()
  const token = view.issued?.accessToken
  return (
    <Step id="change" number={4} title={change.title} lead={change.lead}>
      {token === undefined ? <LogInFirst /> : <Workbench original={token} />}
    </Step>
  )
}

function Workbench({ original }: { readonly original: string }): JSX.Element {
  const { change } = useMessages()
  const [edited, setEdited] = useState({ original, token: original })
  const [exchange, run] = useExchange()
  // A refresh brings a new token: what was changed belonged to the old one.
  const token = edited.original === original ? edited.token : original
  const edit = (next: string): void => setEdited({ original, token: next })
  const changed = changedPositions(original, token)
  return (
    <>
      <TokenEditor id="edited-token" label={change.editor} token={token} changed={changed} onEdit={edit} />
      <p role="status" class="hint">
        {token === original ? change.unchanged : change.changed(Math.max(changed.size, 1))}
      </p>
      <div class="actions" role="group" aria-labelledby="change-where">
        <span id="change-where">{change.where}</span>
        {partNames.map((name) => (
          <button
            key={name}
            type="button"
            class={`part-${name}`}
            onClick={() => edit(changeCharacter(original, name, Math.random()))}
          >
            {change.inPart[name]}
          </button>
        ))}
        <button type="button" class="quiet" onClick={() => edit(original)}>
          {change.restore}
        </button>
      </div>
      <p class="actions">
        <button type="button" class="main" onClick={() => void run(() => callWithToken(token, changed))}>
          {change.call}
        </button>
      </p>
      <ExchangeView exchange={exchange} />
    </>
  )
}
