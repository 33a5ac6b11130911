/** `@tessera/server`: the desk. Accounts, login, refresh, revocation, published keys; embedded or stand-alone. */
export { createTokenServer } from './token-server.ts'
export type { TokenServer, TokenServerOptions } from './token-server.ts'
export type { AccountTrace, HashTrace, RefreshTrace, RequestTrace, SignTrace } from './channels.ts'
export type { EventListener, OnEvent } from './parts/events.ts'
export type { RequestInfo } from './routes/exchange.ts'
export { defineConfig, reservedClaims } from './config/server-config.ts'
export type {
  AccessTokenAlgorithm,
  AuthenticateHook,
  ClaimsContext,
  ClaimsHook,
  ExternalUser,
  Grants,
  GrantsHook,
  Log,
  Message,
  MessageHook,
  PrivateClaims,
  ServerConfig,
} from './config/server-config.ts'
export { configFromEnvironment } from './config/environment.ts'
export type { Environment, EnvironmentOptions, StandAloneConfig } from './config/environment.ts'
export { nodeListener } from './stand-alone/node-listener.ts'
export { startServer } from './stand-alone/start-server.ts'
export type { RunningServer, StartServerConfig, StartServerOptions } from './stand-alone/start-server.ts'
export { checkMigrations, migrate } from './stand-alone/migrate.ts'
export type { MigrateOptions } from './stand-alone/migrate.ts'
export { serve } from './stand-alone/serve.ts'
export type { ServeOptions } from './stand-alone/serve.ts'
export { openAdministration } from './stand-alone/administration.ts'
export type { Administration, AdministrationOptions } from './stand-alone/administration.ts'
export { calibrateHash } from './accounts/calibrate-hash.ts'
export type { CalibrateHashOptions, HashCalibration } from './accounts/calibrate-hash.ts'
export type { HashParameters } from './config/hash-parameters.ts'
export type { BadLine, ImportProgress } from './accounts/import-users.ts'
export type {
  AddUserResult,
  ChangeClaimsResult,
  UserClaims,
  NewUser,
  ShownUser,
  UserAdministration,
} from './accounts/user-administration.ts'
export type {
  AddClientResult,
  ClientAdministration,
  NewClient,
  ShownClient,
} from './clients/client-administration.ts'
export type { Client } from './store/client-store.ts'
export type { DataAdministration } from './data/data-administration.ts'
export type { AudienceSecretResult } from './keys/audience-secrets.ts'
export type { SecretAdministration } from './keys/secret-administration.ts'
export type { Recovery } from './store/recovery-store.ts'
export type { TransferCounts } from './store/transfer-store.ts'
export type { KeyAdministration, RevokeResult, RotateResult, ShownKey } from './keys/key-administration.ts'
export type {
  SessionAdministration,
  ShownSession,
  ShownSessionOfUser,
} from './sessions/session-administration.ts'
export type { AuditDetails, AuditEvent, AuditEventName, AuditEventOf } from './store/store.ts'
export type { Session, SessionPage, SigningKeyRow, SigningKeyState, Store, User } from './store/store.ts'
export { isStartError, StartError } from './start-error.ts'
export type { StartErrorCode } from './start-error.ts'
