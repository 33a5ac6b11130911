/** Where the material of keys for encryption is kept: apart from that of signatures, so that neither can be taken for the other. */
import type { EncryptionMaterial } from '../crypto/encryption-material.ts'

const materials = new WeakMap<object, EncryptionMaterial>()

/** Ties material to a frozen key object. */
export function bindEncryptionMaterial(key: object, material: EncryptionMaterial): void {
  materials.set(key, material)
}

/** The material of a key for encryption that this library made, or undefined for any other value. */
export function encryptionMaterialOf(key: unknown): EncryptionMaterial | undefined {
  return typeof key === 'object' && key !== null ? materials.get(key) : undefined
}
