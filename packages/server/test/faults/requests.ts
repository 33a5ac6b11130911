/** Requests on connections of their own: what breaks is this answer, and never the next. */
import { request } from 'node:http'

export interface Answer {
  readonly status: number
  readonly headers: Readonly<Record<string, string | string[] | undefined>>
  readonly body: Readonly<Record<string, unknown>>
}

export interface Sending {
  readonly method?: 'GET' | 'POST' | 'DELETE'
  readonly json?: object
  readonly form?: Readonly<Record<string, string>>
  readonly headers?: Readonly<Record<string, string>>
}

/** The whole answer, or undefined when it never came or broke off: the sender cannot know what was done. */
export function send(url: string, sending: Sending = {}): Promise<Answer | undefined> {
  const { method = 'GET', json, form, headers = {} } = sending
  const type = json === undefined ? 'application/x-www-form-urlencoded' : 'application/json'
  const content = json === undefined ? new URLSearchParams(form).toString() : JSON.stringify(json)
  return new Promise((resolve) => {
    const outgoing = request(
      url,
      { method, agent: false, headers: { ...headers, ...(method === 'POST' && { 'content-type': type }) } },
      (incoming) => {
        let text = ''
        incoming.on('data', (chunk) => (text += String(chunk)))
        incoming.on('error', () => resolve(undefined))
        incoming.on('end', () => {
          const { statusCode: status = 0, headers: received } = incoming
          resolve({
            status,
            headers: received,
            body: text === '' ? {} : (JSON.parse(text) as object as Answer['body']),
          })
        })
      },
    )
    outgoing.on('error', () => resolve(undefined))
    outgoing.end(method === 'POST' ? content : undefined)
  })
}
