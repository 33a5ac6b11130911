/** Forms of keys that are not read: what they are called, and the command that makes one of them that is. */
import { JoseError } from '../../errors.ts'

/** To any encrypted key that openssl reads. */
export const convertEncrypted = 'openssl pkcs8 -topk8 -v2 aes-256-cbc -in old.pem -out new.pem'
const convertSsh = 'ssh-keygen -e -m PKCS8 -f key.pub'

const convertAny = 'openssl pkey may convert it'

/** PEM labels. */
const labels: ReadonlyMap<string, string> = new Map([
  ['DSA PRIVATE KEY', convertAny],
  ['EC PARAMETERS', convertAny],
  ['PKCS7', convertAny],
  ['OPENSSH PRIVATE KEY', 'ssh-keygen -p -m PKCS8 -f key'],
  ['SSH2 PUBLIC KEY', convertSsh],
  ['CERTIFICATE REQUEST', 'openssl req -pubkey -noout -in request.pem'],
])

/** Beginnings of texts that are no PEM, what they are, and what to do. */
const texts: readonly (readonly [start: RegExp, got: string, advice: string])[] = [
  [/^(ssh|ecdsa|sk)-/, 'an OpenSSH public key', convertSsh],
  [/^---- BEGIN SSH2/, 'an SSH2 public key', 'ssh-keygen -i -m RFC4716 -f key.pub, then ' + convertSsh],
  [/^PuTTY-/, 'a PuTTY key', 'puttygen key.ppk -O private-openssh -o key.pem'],
]

/** The error for a PEM block of another kind. A label that is not known is not repeated: it could be anything. */
export function unknownLabel(label: string): JoseError {
  const advice = labels.get(label)
  const got = advice === undefined ? `another label: ${convertAny}` : `${label}: ${advice}`
  return new JoseError('unsupported', `importKey: expected PEM of a key or CERTIFICATE, got ${got}`)
}

/** Refuses text that is a key in a form that is not read. @throws {JoseError} `unsupported` */
export function refuseOtherText(text: string): void {
  for (const [start, got, advice] of texts) {
    if (start.test(text.trimStart()))
      throw new JoseError('unsupported', `importKey: expected PEM, got ${got}: ${advice}`)
  }
}
