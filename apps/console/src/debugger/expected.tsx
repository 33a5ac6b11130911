/** What a token is held against: keys, issuer, audience, type. */
import type { HmacAlgorithm } from '@tessera/jose'
import type { JSX } from 'preact'
import { useEffect, useState } from 'preact/hooks'
import { Prose } from '../show/prose.tsx'
import type { Expectation, KeyChoice } from './judge.ts'
import { useDebuggerMessages } from './language/use-debugger-messages.ts'
import type { PublishedServer } from './use-server.ts'

export interface ExpectedProps {
  readonly server: PublishedServer | null | 'away'
  readonly onChange: (expected: Expectation | null) => void
}

interface Fields {
  readonly kind: KeyChoice['kind']
  readonly publicKey: string
  /** Of a key that does not say it. */
  readonly publicAlgorithm: string
  readonly secret: string
  readonly algorithm: HmacAlgorithm
  /** `null`: as the server has it. */
  readonly issuer: string | null
  readonly audience: string | null
  readonly isAccessToken: boolean
}

const atFirst: Fields = {
  kind: 'server',
  publicKey: '',
  publicAlgorithm: '',
  secret: '',
  algorithm: 'HS256',
  issuer: null,
  audience: null,
  isAccessToken: true,
}

export function Expected({ server, onChange }: ExpectedProps): JSX.Element {
  const words = useDebuggerMessages()
  const [fields, setFields] = useState(atFirst)
  const set = (change: Partial<Fields>): void => setFields({ ...fields, ...change })
  const own = server === null || server === 'away' ? '' : server.issuer
  const { issuer = own, audience = own } = {
    ...(fields.issuer !== null && { issuer: fields.issuer }),
    ...(fields.audience !== null && { audience: fields.audience }),
  }
  useEffect(() => {
    const keys = chooseKeys(fields, server)
    onChange(keys === null ? null : { keys, issuer, audience, isAccessToken: fields.isAccessToken })
  }, [fields, server])
  return (
    <form onSubmit={(event) => event.preventDefault()}>
      <Keys fields={fields} set={set} />
      <Line name="issuer" label={words.issuer} value={issuer} onInput={(text) => set({ issuer: text })} />
      <Line
        name="audience"
        label={words.audience}
        value={audience}
        onInput={(text) => set({ audience: text })}
      />
      <p class="field">
        <label class="check">
          <input
            type="checkbox"
            checked={fields.isAccessToken}
            onChange={(event) => set({ isAccessToken: event.currentTarget.checked })}
          />{' '}
          <span>
            <Prose text={words.accessToken} />
          </span>
        </label>
      </p>
    </form>
  )
}

function chooseKeys(fields: Fields, server: ExpectedProps['server']): KeyChoice | null {
  switch (fields.kind) {
    case 'server':
      return server === null || server === 'away' ? null : { kind: 'server', jwkSet: server.jwkSet }
    case 'public':
      return { kind: 'public', text: fields.publicKey, algorithm: fields.publicAlgorithm.trim() }
    case 'secret':
      return { kind: 'secret', text: fields.secret, algorithm: fields.algorithm }
  }
}

interface KeysProps {
  readonly fields: Fields
  readonly set: (change: Partial<Fields>) => void
}

function Keys({ fields, set }: KeysProps): JSX.Element {
  const words = useDebuggerMessages()
  const ways = [
    ['server', words.serverKeys],
    ['public', words.publicKey],
    ['secret', words.sharedSecret],
  ] as const
  return (
    <fieldset>
      <legend>{words.keys}</legend>
      {ways.map(([kind, text]) => (
        <label key={kind} class="check">
          <input type="radio" name="keys" checked={fields.kind === kind} onChange={() => set({ kind })} />{' '}
          <span>
            <Prose text={text} />
          </span>
        </label>
      ))}
      {fields.kind === 'public' && <PublicKey fields={fields} set={set} />}
      {fields.kind === 'secret' && <Secret fields={fields} set={set} />}
    </fieldset>
  )
}

function PublicKey({ fields, set }: KeysProps): JSX.Element {
  const words = useDebuggerMessages()
  return (
    <>
      <p class="field">
        <label for="public-key">{words.publicKeyText}</label>
        <textarea
          id="public-key"
          class="plain"
          rows={6}
          spellcheck={false}
          aria-describedby="public-key-hint"
          value={fields.publicKey}
          onInput={(event) => set({ publicKey: event.currentTarget.value })}
        />
        <span id="public-key-hint" class="hint">
          {words.publicKeyHint}
        </span>
      </p>
      <Line
        name="public-algorithm"
        label={words.algorithm}
        value={fields.publicAlgorithm}
        hint={words.algorithmHint}
        onInput={(text) => set({ publicAlgorithm: text })}
      />
    </>
  )
}

function Secret({ fields, set }: KeysProps): JSX.Element {
  const words = useDebuggerMessages()
  return (
    <>
      <Line
        name="secret"
        label={words.secretText}
        value={fields.secret}
        hint={words.secretHint}
        onInput={(text) => set({ secret: text })}
      />
      <p class="field">
        <label for="algorithm">{words.algorithm}</label>
        <select
          id="algorithm"
          value={fields.algorithm}
          onChange={(event) => set({ algorithm: event.currentTarget.value as HmacAlgorithm })}
        >
          {['HS256', 'HS384', 'HS512'].map((name) => (
            <option key={name} value={name}>
              {name}
            </option>
          ))}
        </select>
      </p>
    </>
  )
}

interface LineProps {
  readonly name: string
  readonly label: string
  readonly value: string
  readonly hint?: string
  readonly onInput: (text: string) => void
}

function Line({ name, label, value, hint, onInput }: LineProps): JSX.Element {
  const { emptyMeansAny } = useDebuggerMessages()
  return (
    <p class="field">
      <label for={name}>{label}</label>
      <input
        id={name}
        value={value}
        autocomplete="off"
        autocapitalize="none"
        spellcheck={false}
        aria-describedby={`${name}-hint`}
        onInput={(event) => onInput(event.currentTarget.value)}
      />
      <span id={`${name}-hint`} class="hint">
        <Prose text={hint ?? emptyMeansAny} />
      </span>
    </p>
  )
}
