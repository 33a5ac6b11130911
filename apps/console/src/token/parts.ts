/** A compact token as the eye sees it: three parts and the dots between them. */

export const partNames = ['header', 'claims', 'signature'] as const
export type PartName = (typeof partNames)[number]

export interface Part {
  readonly name: PartName
  readonly text: string
  /** Where the part begins in the token. */
  readonly start: number
}

/** The parts of a token, whole or broken: text behind a third dot counts to the signature. */
export function splitToken(token: string): readonly Part[] {
  const [header = '', claims, ...rest] = token.split('.')
  const parts: Part[] = [{ name: 'header', text: header, start: 0 }]
  if (claims === undefined) return parts
  const claimsStart = header.length + 1
  parts.push({ name: 'claims', text: claims, start: claimsStart })
  if (rest.length > 0) {
    parts.push({ name: 'signature', text: rest.join('.'), start: claimsStart + claims.length + 1 })
  }
  return parts
}
