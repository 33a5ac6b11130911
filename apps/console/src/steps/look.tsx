import { decodeUnverified } from '@tessera/jose/unverified'
import type { JSX } from 'preact'
import { useMemo, useState } from 'preact/hooks'
import { useMessages } from '../language/context.ts'
import type { IssuedTokens, View } from '../playground.ts'
import { MemberList } from '../show/member-list.tsx'
import { Prose } from '../show/prose.tsx'
import { LogInFirst, Step } from '../show/step.tsx'
import { TokenText } from '../show/token-text.tsx'
import { useNowMs } from '../show/use-now.ts'
import { partNames } from '../token/parts.ts'

export function Look({ view }: { readonly view: View }): JSX.Element {
  const { look } = useMessages()
  return (
    <Step id="look" number={2} title={look.title} lead={look.lead}>
      {view.issued === null ? <LogInFirst /> : <Inside issued={view.issued} />}
    </Step>
  )
}

function Inside({ issued }: { readonly issued: IssuedTokens }): JSX.Element {
  const { look, parts } = useMessages()
  const { accessToken, receivedMs } = issued
  const { header, claims } = useMemo(() => decodeUnverified(accessToken).unverified, [accessToken])
  // The issuer's own time: when it issued the token, and what has passed here since.
  const issuedAt = typeof claims['iat'] === 'number' ? claims['iat'] : Date.now() / 1000
  const nowSeconds = issuedAt + (useNowMs() - receivedMs) / 1000
  return (
    <>
      <figure class="sheet">
        <figcaption class="legend">
          {partNames.map((name) => (
            <span key={name} class={`legend-${name}`}>
              {parts[name]}
            </span>
          ))}
        </figcaption>
        <p class="token" translate={false}>
          <TokenText token={accessToken} />
        </p>
      </figure>
      <CopyButton text={accessToken} />
      <h3 class="part-header">{look.header}</h3>
      <MemberList part="header" members={header} nowSeconds={nowSeconds} />
      <h3 class="part-claims">{look.claims}</h3>
      <MemberList part="claims" members={claims} nowSeconds={nowSeconds} />
      <h3 class="part-signature">{look.signature}</h3>
      <p>
        <Prose text={look.signatureText} />
      </p>
    </>
  )
}

function CopyButton({ text }: { readonly text: string }): JSX.Element {
  const { look } = useMessages()
  const [copied, setCopied] = useState('')
  return (
    <p class="actions">
      <button
        type="button"
        onClick={() =>
          void navigator.clipboard.writeText(text).then(
            () => setCopied(text),
            () => setCopied(''),
          )
        }
      >
        {look.copy}
      </button>
      <span role="status" class="hint">
        {copied === text && look.copied}
      </span>
    </p>
  )
}
