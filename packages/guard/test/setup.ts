/** A guard's options and tokens for the tests of one adapter. */
import { createServer } from 'node:http'
import type { RequestListener } from 'node:http'
import { secret } from '@tessera/jose'
import type { GuardOptions } from '../src/options.ts'
import { closeServer, listen, signWithSecret } from './issuer.ts'

const text = 'a shared secret of 32 characters'
const now = 1_800_000_000

export const options: GuardOptions = {
  issuer: 'https://issuer.example',
  audience: 'https://api.example',
  keys: secret('HS256', text),
  now,
}

export function makeToken(changes: object = {}): string {
  const claims = { iss: options.issuer, aud: options.audience, sub: 'alice', exp: now + 60, ...changes }
  return signWithSecret(text, { typ: 'at+jwt', alg: 'HS256' }, claims)
}

export const withToken = (changes?: object): { headers: Record<string, string> } => ({
  headers: { authorization: `Bearer ${makeToken(changes)}` },
})

/** Runs a body against a listening server, and closes it. */
export async function whileListening(
  listener: RequestListener,
  body: (url: string) => Promise<void>,
): Promise<void> {
  const server = createServer(listener)
  const url = `http://127.0.0.1:${await listen(server)}`
  try {
    await body(url)
  } finally {
    await closeServer(server)
  }
}
