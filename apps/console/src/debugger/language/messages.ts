/** Every word of the debugger, beside those that all pages share. Backticks mark code. */
export interface DebuggerMessages {
  readonly title: string
  readonly name: string
  readonly lead: string
  readonly token: string
  readonly tokenHint: string
  readonly clear: string
  readonly expected: string
  readonly keys: string
  readonly serverKeys: string
  readonly publicKey: string
  readonly publicKeyText: string
  readonly publicKeyHint: string
  readonly sharedSecret: string
  readonly secretText: string
  readonly secretHint: string
  readonly algorithm: string
  readonly algorithmHint: string
  readonly issuer: string
  readonly audience: string
  readonly emptyMeansAny: string
  readonly accessToken: string
  readonly verdict: string
  readonly nothing: string
  readonly good: string
  readonly noKey: string
  readonly authentic: string
  readonly unauthentic: string
  readonly engineSays: string
  readonly serverAway: string
  readonly unreadable: string
  readonly encrypted: string
  readonly codes: Readonly<Record<string, string>>
}
