import type { JSX } from 'preact'
import { explainMembers } from '../explain/members.ts'
import { useMessages } from '../language/context.ts'
import { Prose } from './prose.tsx'

export interface MemberListProps {
  readonly part: 'header' | 'claims'
  readonly members: Readonly<Record<string, unknown>>
  readonly nowSeconds: number
}

/** Header or claims set as a list: name, value, and what it means. */
export function MemberList({ part, members, nowSeconds }: MemberListProps): JSX.Element {
  const messages = useMessages()
  return (
    <dl class="members">
      {explainMembers(members, { part, messages, nowSeconds }).map(
        ({ member, value, words, date, distance }) => (
          <div class="member" key={member}>
            <dt>
              <code class={`part-${part}`}>{member}</code> <span class="member-name">{words.name}</span>
            </dt>
            <dd class="member-value">
              <code>{value}</code>
              {date !== undefined && (
                <span class="member-date">
                  {date}, {distance}
                </span>
              )}
            </dd>
            <dd class="member-meaning">
              <Prose text={words.meaning} />{' '}
              {words.source !== '' && <span class="source">{words.source}</span>}
            </dd>
          </div>
        ),
      )}
    </dl>
  )
}
