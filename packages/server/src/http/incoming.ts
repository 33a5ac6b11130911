/**
 * A request as the server reads it: of an application that hands a `Request` over, or of `node:http` itself. The platform's
 * `Request` and `Response` cost more than everything else in the answer to a short request.
 */
export interface Incoming {
  readonly method: string
  /** Absolute; nothing is taken from its host. */
  readonly url: string
  readonly headers: IncomingHeaders
  /**
   * The body, when it is of so many bytes at most.
   *
   * @throws when it breaks off
   */
  readBody(limitBytes: number): Promise<Uint8Array | 'too_large'>
}

/** What is asked of headers. `Headers` are such. */
export interface IncomingHeaders {
  /** In any case of letters; several of one name joined by commas, cookies by semicolons; null when there is none. */
  get(name: string): string | null
  has(name: string): boolean
}
