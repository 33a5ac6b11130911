/** What a token server tells of what it did, in its own process: `server.on('session.ended', …)`. */
import { channel } from 'node:diagnostics_channel'
import type { Log } from '../config/server-config.ts'
import type { AuditEvent, AuditEventName, AuditEventOf } from '../store/store.ts'

/** Must not take long: whoever waits for an answer waits for it. What it throws, or rejects with, is logged and harms nobody. */
export type EventListener<Event = AuditEvent> = (event: Event) => void | Promise<void>

/** Begins to listen; the function that it returns ends that. */
export interface OnEvent {
  <Name extends AuditEventName>(name: Name, listener: EventListener<AuditEventOf<Name>>): () => void
  /** Every event. */
  (name: '*', listener: EventListener): () => void
}

export interface Events {
  readonly on: OnEvent
  tell(event: AuditEvent): void
}

/** `tessera.event`: what every server of this process did, to tools that subscribe to the name. */
const eventChannel = channel('tessera.event')

export function createEvents(log: Log): Events {
  const listeners = new Map<string, Set<EventListener>>()
  const on = (name: AuditEventName | '*', listener: EventListener<never>): (() => void) => {
    const named = listeners.get(name) ?? new Set()
    listeners.set(name, named)
    // One for each call: a function that listens twice is told twice.
    const told: EventListener = (event) => listener(event as never)
    named.add(told)
    return () => void named.delete(told)
  }
  const failed = (event: string, error: unknown): void =>
    log.error({ event, err: String(error) }, 'a listener of events failed')
  const tellOne = (listener: EventListener, event: AuditEvent): void => {
    try {
      const told = listener(event)
      if (told instanceof Promise) told.catch((error: unknown) => failed(event.event, error))
    } catch (error) {
      failed(event.event, error)
    }
  }
  return {
    on,
    tell: (event) => {
      if (eventChannel.hasSubscribers) eventChannel.publish(event)
      for (const name of [event.event, '*']) {
        for (const listener of listeners.get(name) ?? []) tellOne(listener, event)
      }
    },
  }
}
