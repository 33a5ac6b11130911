/** Private keys at rest: AES-256-GCM under a key-encryption key, bound to what the row says of them (P25). */
import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto'
import type { KeyObject } from 'node:crypto'

/** What a sealed key is bound to: a row with another issuer, kid, algorithm or purpose does not open. */
export interface KeyBinding {
  readonly issuer: string
  readonly kid: string
  readonly algorithm: string
  readonly purpose: string
}

const ivBytes = 12
const tagBytes = 16

export function sealKey(plain: string, kek: KeyObject, binding: KeyBinding): string {
  const iv = randomBytes(ivBytes)
  const cipher = createCipheriv('aes-256-gcm', kek, iv).setAAD(bindingBytes(binding))
  return Buffer.concat([iv, cipher.update(plain, 'utf8'), cipher.final(), cipher.getAuthTag()]).toString(
    'base64url',
  )
}

/** The plain key, or undefined when it was sealed under another key or for another row. */
export function openKey(sealed: string, kek: KeyObject, binding: KeyBinding): string | undefined {
  const bytes = Buffer.from(sealed, 'base64url')
  if (bytes.length < ivBytes + tagBytes) return undefined
  try {
    const decipher = createDecipheriv('aes-256-gcm', kek, bytes.subarray(0, ivBytes), {
      authTagLength: tagBytes,
    })
    decipher.setAAD(bindingBytes(binding)).setAuthTag(bytes.subarray(-tagBytes))
    return Buffer.concat([decipher.update(bytes.subarray(ivBytes, -tagBytes)), decipher.final()]).toString(
      'utf8',
    )
  } catch {
    return undefined
  }
}

/** A JSON array keeps the parts apart: no two bindings give one text. */
function bindingBytes({ issuer, kid, algorithm, purpose }: KeyBinding): Buffer {
  return Buffer.from(JSON.stringify([issuer, kid, algorithm, purpose]))
}
