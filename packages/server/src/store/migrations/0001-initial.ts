/**
 * The first schema. Units: `…_at` are NumericDates (whole seconds), `…_ms` milliseconds since 1970. Identifiers are
 * 128 random bits or more, as base64url text. A row of `sessions` is written over at every refresh and never copied.
 */
export const initial = {
  name: '0001-initial',
  sqlite: `
CREATE TABLE meta (
  name TEXT PRIMARY KEY NOT NULL,
  value TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE users (
  id TEXT PRIMARY KEY NOT NULL,                 -- the "sub" of tokens
  username TEXT NOT NULL,                       -- as it was typed
  username_normalised TEXT NOT NULL UNIQUE,
  password_hash TEXT,                           -- PHC string; NULL when the application checks passwords itself
  password_changed_at INTEGER,
  credential_version INTEGER NOT NULL DEFAULT 1,
  roles TEXT NOT NULL DEFAULT '[]',             -- JSON array of texts
  email TEXT,
  email_verified_at INTEGER,
  created_at INTEGER NOT NULL,
  disabled_at INTEGER
) STRICT;

CREATE TABLE sessions (
  sid TEXT PRIMARY KEY NOT NULL,
  user_id TEXT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
  client_id TEXT NOT NULL,
  scope TEXT NOT NULL,
  transport TEXT NOT NULL CHECK (transport IN ('body', 'cookie')),
  mac_nonce TEXT NOT NULL,                      -- part of the MAC key; never leaves the store
  mac_kid TEXT NOT NULL,                        -- the secret of the current generation's MAC
  mac_from_generation INTEGER NOT NULL,         -- the first generation made with mac_kid
  generation INTEGER NOT NULL,                  -- the generation that may be used now
  rotated_at_ms INTEGER NOT NULL,               -- when the current generation was made
  retry_key_hash TEXT,                          -- of the last rotation; overwritten by the next
  retry_replays INTEGER NOT NULL DEFAULT 0,     -- replays by retry key after the window, of the last rotation
  retry_replayed_at_ms INTEGER,
  clashed INTEGER NOT NULL DEFAULT 0,           -- 1: the last rotation was replayed with another retry key
  clashed_in_a_row INTEGER NOT NULL DEFAULT 0,
  session_version INTEGER NOT NULL DEFAULT 1,   -- the "sv" of access tokens
  credential_version INTEGER NOT NULL,          -- of the user, when the session began
  epoch TEXT NOT NULL,                          -- of the store, when the session began
  auth_time INTEGER NOT NULL,
  created_at INTEGER NOT NULL,
  last_used_at INTEGER NOT NULL,
  idle_expires_at INTEGER NOT NULL,
  absolute_expires_at INTEGER NOT NULL,
  label TEXT NOT NULL,
  address_prefix TEXT NOT NULL,
  ended_at INTEGER,
  end_reason TEXT
) STRICT;
CREATE INDEX sessions_of_user ON sessions (user_id);

CREATE TABLE revocations (
  position INTEGER PRIMARY KEY AUTOINCREMENT,   -- never given out twice, also after clean-up
  epoch TEXT NOT NULL,
  kind TEXT NOT NULL CHECK (kind IN ('session', 'session_version', 'token', 'key')),
  sid TEXT,
  session_version INTEGER,                      -- smaller versions of this sid are refused
  jti TEXT,
  kid TEXT,
  created_at INTEGER NOT NULL,
  expires_at INTEGER NOT NULL                   -- no token that it could meet lives longer
) STRICT;
CREATE INDEX revocations_by_expiry ON revocations (expires_at);

CREATE TABLE signing_keys (
  kid TEXT PRIMARY KEY NOT NULL,                -- RFC 7638 thumbprint
  issuer TEXT NOT NULL,
  algorithm TEXT NOT NULL,
  purpose TEXT NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('next', 'active', 'retired', 'gone')),
  sealed_key TEXT,                              -- private JWK under AES-256-GCM; NULL once gone
  kek_kid TEXT NOT NULL,                        -- the secret that it is sealed under
  public_jwk TEXT NOT NULL,                     -- for people and reports; what is published comes from sealed_key
  created_at INTEGER NOT NULL,
  activated_at INTEGER,
  retired_at INTEGER,
  gone_at INTEGER,
  revoked_at INTEGER
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX signing_keys_one_active ON signing_keys (issuer, algorithm, purpose) WHERE state = 'active';
CREATE UNIQUE INDEX signing_keys_one_next ON signing_keys (issuer, algorithm, purpose) WHERE state = 'next';

CREATE TABLE secrets (
  kid TEXT PRIMARY KEY NOT NULL,
  check_value TEXT NOT NULL,                    -- tells two secrets of one kid apart, and nothing else
  state TEXT NOT NULL CHECK (state IN ('live', 'dropped')),
  created_at INTEGER NOT NULL,
  dropped_at INTEGER
) STRICT, WITHOUT ROWID;

CREATE TABLE throttle_buckets (
  bucket TEXT PRIMARY KEY NOT NULL,
  full_until_ms INTEGER NOT NULL                -- when the bucket will have drained
) STRICT, WITHOUT ROWID;
CREATE INDEX throttle_buckets_by_time ON throttle_buckets (full_until_ms);

CREATE TABLE audit (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  at_ms INTEGER NOT NULL,
  event TEXT NOT NULL,
  user_id TEXT,
  sid TEXT,
  address_prefix TEXT,
  detail TEXT                                   -- JSON object, without secrets
) STRICT;
CREATE INDEX audit_of_user ON audit (user_id, id);
`,
  // Units and meanings as above.
  postgres: `
CREATE TABLE meta (
  name TEXT PRIMARY KEY NOT NULL,
  value TEXT NOT NULL
);

CREATE TABLE users (
  id TEXT PRIMARY KEY NOT NULL,
  username TEXT NOT NULL,
  username_normalised TEXT NOT NULL UNIQUE,
  password_hash TEXT,
  password_changed_at BIGINT,
  credential_version BIGINT NOT NULL DEFAULT 1,
  roles TEXT NOT NULL DEFAULT '[]',
  email TEXT,
  email_verified_at BIGINT,
  created_at BIGINT NOT NULL,
  disabled_at BIGINT
);

CREATE TABLE sessions (
  sid TEXT PRIMARY KEY NOT NULL,
  user_id TEXT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
  client_id TEXT NOT NULL,
  scope TEXT NOT NULL,
  transport TEXT NOT NULL CHECK (transport IN ('body', 'cookie')),
  mac_nonce TEXT NOT NULL,
  mac_kid TEXT NOT NULL,
  mac_from_generation BIGINT NOT NULL,
  generation BIGINT NOT NULL,
  rotated_at_ms BIGINT NOT NULL,
  retry_key_hash TEXT,
  retry_replays BIGINT NOT NULL DEFAULT 0,
  retry_replayed_at_ms BIGINT,
  clashed BIGINT NOT NULL DEFAULT 0,
  clashed_in_a_row BIGINT NOT NULL DEFAULT 0,
  session_version BIGINT NOT NULL DEFAULT 1,
  credential_version BIGINT NOT NULL,
  epoch TEXT NOT NULL,
  auth_time BIGINT NOT NULL,
  created_at BIGINT NOT NULL,
  last_used_at BIGINT NOT NULL,
  idle_expires_at BIGINT NOT NULL,
  absolute_expires_at BIGINT NOT NULL,
  label TEXT NOT NULL,
  address_prefix TEXT NOT NULL,
  ended_at BIGINT,
  end_reason TEXT
);
CREATE INDEX sessions_of_user ON sessions (user_id);

CREATE TABLE revocations (
  position BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  xid xid8 NOT NULL DEFAULT pg_current_xact_id(), -- the cursor: identities become visible out of their order
  epoch TEXT NOT NULL,
  kind TEXT NOT NULL CHECK (kind IN ('session', 'session_version', 'token', 'key')),
  sid TEXT,
  session_version BIGINT,
  jti TEXT,
  kid TEXT,
  created_at BIGINT NOT NULL,
  expires_at BIGINT NOT NULL
);
CREATE INDEX revocations_by_expiry ON revocations (expires_at);
CREATE INDEX revocations_by_xid ON revocations (xid, position);

CREATE TABLE signing_keys (
  kid TEXT PRIMARY KEY NOT NULL,
  issuer TEXT NOT NULL,
  algorithm TEXT NOT NULL,
  purpose TEXT NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('next', 'active', 'retired', 'gone')),
  sealed_key TEXT,
  kek_kid TEXT NOT NULL,
  public_jwk TEXT NOT NULL,
  created_at BIGINT NOT NULL,
  activated_at BIGINT,
  retired_at BIGINT,
  gone_at BIGINT,
  revoked_at BIGINT
);
CREATE UNIQUE INDEX signing_keys_one_active ON signing_keys (issuer, algorithm, purpose) WHERE state = 'active';
CREATE UNIQUE INDEX signing_keys_one_next ON signing_keys (issuer, algorithm, purpose) WHERE state = 'next';

CREATE TABLE secrets (
  kid TEXT PRIMARY KEY NOT NULL,
  check_value TEXT NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('live', 'dropped')),
  created_at BIGINT NOT NULL,
  dropped_at BIGINT
);

CREATE TABLE throttle_buckets (
  bucket TEXT PRIMARY KEY NOT NULL,
  full_until_ms BIGINT NOT NULL
);
CREATE INDEX throttle_buckets_by_time ON throttle_buckets (full_until_ms);

CREATE TABLE audit (
  id BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  at_ms BIGINT NOT NULL,
  event TEXT NOT NULL,
  user_id TEXT,
  sid TEXT,
  address_prefix TEXT,
  detail TEXT
);
CREATE INDEX audit_of_user ON audit (user_id, id);
`,
} as const
