/**
 * The first session with tokens: make one, look inside, verify it, change one character, let it expire.
 *
 *     node tools/run-example.js primer
 */
import { fileURLToPath } from 'node:url'
import { decode, encode, type JoseError, secret } from '@tessera/jose'
import { decodeUnverified } from '@tessera/jose/unverified'

/** What the session writes to. */
export type Print = (line: string) => void

/** Runs the session and tells it line by line. */
export function runPrimer(print: Print): void {
  // A real secret has 32 random bytes and comes from the environment: secret('HS256', process.env['JWT_SECRET']).
  // The word "secret" can be guessed from any token, so that using it takes a word of its own.
  const key = secret('HS256', 'secret', { allowWeakKey: true })

  print('1. Make a token. Claims and key go in, text comes out.')
  const token = encode({ 'user-id': 5 }, key)
  print(`   ${token}`)

  print(
    '2. Look inside. Two of its three parts are JSON that anybody can read: a signature protects, it does not hide.',
  )
  const { header, claims } = decodeUnverified(token).unverified
  print(`   header ${JSON.stringify(header)}`)
  print(`   claims ${JSON.stringify(claims)}`)

  print('3. Verify it. Only who has the key can tell that nobody changed it.')
  print(`   ${JSON.stringify(decode(token, key))}`)

  print('4. Change one character, and the signature is no longer that of the rest.')
  print(`   ${refusal(() => decode(changeOneCharacter(token), key))}`)

  print('5. Verify it with another key: the same answer.')
  const otherKey = secret('HS256', 'another secret, of thirty-two bytes at least')
  print(`   ${refusal(() => decode(token, otherKey))}`)

  print('6. Give it an hour, and ask again when the hour is over.')
  const now = 1_539_517_391
  const hourly = encode({ 'user-id': 1 }, key, { expiresIn: '1h', now })
  print(`   at once: ${JSON.stringify(decode(hourly, key, { now }))}`)
  print(`   an hour later: ${refusal(() => decode(hourly, key, { now: now + 3600 }))}`)

  print('7. A date is a number of seconds. Text in its place is refused at signing, and again at verifying.')
  print(`   ${refusal(() => encode({ 'user-id': 1, exp: '1539517391' as unknown as number }, key))}`)
  print(`   ${refusal(() => decode(tokenWithTextAsDate, key))}`)
  print('   As a number, it is a date that has passed.')
  print(`   ${refusal(() => decode(encode({ 'user-id': 1, exp: now }, key), key))}`)

  print('8. Without the word allowWeakKey, a guessable secret is refused.')
  print(`   ${refusal(() => secret('HS256', 'secret'))}`)
}

/** {"user-id":1,"exp":"1539517391"}, signed with the same secret by a library that does not look. */
const tokenWithTextAsDate =
  'eyJ0eXAiOiJKV1QiLCJhbGciOiJIUzI1NiJ9.eyJ1c2VyLWlkIjoxLCJleHAiOiIxNTM5NTE3MzkxIn0.EbQz0L4DnwMu9PPd9kSUFydqTlGvX5vBMheBY72xiYM'

/** The token with one character of its claims changed. */
function changeOneCharacter(token: string): string {
  const at = token.indexOf('.') + 10
  return `${token.slice(0, at)}${token[at] === 'A' ? 'B' : 'A'}${token.slice(at + 1)}`
}

/** The code and message by which a call is refused. */
function refusal(call: () => unknown): string {
  try {
    call()
  } catch (error) {
    const { code, message } = error as JoseError
    return `refused, ${code}: ${message}`
  }
  return 'accepted'
}

if (process.argv[1] === fileURLToPath(import.meta.url)) runPrimer(console.log)
