/**
 * Devices that signed in before (P15). Each gets a secret at log-in and shows it at the next one: what it types is then
 * counted on its own, so that nobody who guesses at the account keeps its owner out. The secret opens nothing, and
 * nothing of it is stored: it is a MAC over the account, the version of its credentials and a random name.
 */
import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto'
import type { KeyObject } from 'node:crypto'

/** Whose device it is. A new password makes strangers of all devices but the one that it was set on. */
export interface DeviceOwner {
  readonly account: string
  readonly credentialVersion: number
}

export interface KnownDevices {
  /** A secret for a device that has just proven a password. One that it had is renewed under its old name. */
  issue(owner: DeviceOwner, deviceId?: string): string
  /** The name of the device that a secret was issued to, or undefined when it is none of this account. */
  recognise(deviceSecret: string, owner: DeviceOwner): string | undefined
}

/** The server secrets, as far as devices are concerned. */
export interface DeviceSecrets {
  readonly newest: DeviceSecret
  get(kid: string): DeviceSecret | undefined
}

interface DeviceSecret {
  readonly kid: string
  readonly deviceKey: KeyObject
}

/** How long after its last log-in a device is known, in seconds. */
const lifeSeconds = 180 * 86_400

const shape = /^dv_([\w-]{8})\.([\w-]{22})\.([1-9]\d{0,11})\.([\w-]{43})$/
const longestSecret = 100

interface Parts {
  readonly kid: string
  readonly deviceId: string
  readonly expiresAt: string
}

export function createKnownDevices(secrets: DeviceSecrets, nowMs: () => number): KnownDevices {
  const macOf = (
    { kid, deviceId, expiresAt }: Parts,
    { account, credentialVersion }: DeviceOwner,
  ): Buffer | undefined => {
    const key = secrets.get(kid)?.deviceKey
    // A JSON array keeps the parts apart: no two devices or accounts give one input.
    const input = JSON.stringify([kid, deviceId, expiresAt, account, credentialVersion])
    return key && createHmac('sha256', key).update(input).digest()
  }
  return {
    issue: (owner, deviceId = randomBytes(16).toString('base64url')) => {
      const { kid } = secrets.newest
      const expiresAt = String(Math.floor(nowMs() / 1000) + lifeSeconds)
      const mac = macOf({ kid, deviceId, expiresAt }, owner)
      return `dv_${kid}.${deviceId}.${expiresAt}.${mac?.toString('base64url') ?? ''}`
    },
    recognise: (deviceSecret, owner) => {
      if (deviceSecret.length > longestSecret) return undefined
      const [, kid = '', deviceId = '', expiresAt = '', mac = ''] = shape.exec(deviceSecret) ?? []
      const expected = macOf({ kid, deviceId, expiresAt }, owner)
      if (expected === undefined || !timingSafeEqual(expected, Buffer.from(mac, 'base64url')))
        return undefined
      return Number(expiresAt) * 1000 > nowMs() ? deviceId : undefined
    },
  }
}
