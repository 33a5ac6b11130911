/** `@tessera/client`: attach the access token to requests, and renew it in time. */
export { createClient, type Client } from './client.ts'
export { type ClientOptions } from './options.ts'
export { type Credentials } from './issuer.ts'
export { type Session, type SessionState, type SignedIn, type SignedOut } from './session.ts'
export { memoryStorage, webStorage, type TokenStorage, type WebStorageOptions } from './storage.ts'
export { ClientError, isClientError, type ClientErrorCode } from './errors.ts'
export { systemClock, type Clock } from './clock.ts'
export { type Locks } from './lock.ts'
