/** Clients that authenticate themselves (RFC 6749 §2), and the assertions that they have used (RFC 7523 §3). */
export const clients = {
  name: '0002-clients',
  sqlite: `
CREATE TABLE clients (
  client_id TEXT PRIMARY KEY NOT NULL,
  name TEXT NOT NULL,                           -- for people
  secret_hash TEXT,                             -- SHA-256 of 256 random bits, or NULL
  jwk_set TEXT,                                 -- public JWK Set for private_key_jwt, or NULL
  scope TEXT NOT NULL,                          -- what it may ask for, separated by one space
  audiences TEXT NOT NULL,                      -- JSON array: the resources that it may ask for; the first by default
  roles TEXT NOT NULL,                          -- JSON array of texts
  token_sid TEXT NOT NULL UNIQUE,               -- the "sid" of its tokens: by it the feed ends all of them
  created_at INTEGER NOT NULL,
  revoked_at INTEGER
) STRICT, WITHOUT ROWID;

CREATE TABLE used_assertions (
  id TEXT PRIMARY KEY NOT NULL,                 -- SHA-256 of client_id and jti
  expires_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX used_assertions_by_expiry ON used_assertions (expires_at);
`,
  postgres: `
CREATE TABLE clients (
  client_id TEXT PRIMARY KEY NOT NULL,
  name TEXT NOT NULL,
  secret_hash TEXT,
  jwk_set TEXT,
  scope TEXT NOT NULL,
  audiences TEXT NOT NULL,
  roles TEXT NOT NULL,
  token_sid TEXT NOT NULL UNIQUE,
  created_at BIGINT NOT NULL,
  revoked_at BIGINT
);

CREATE TABLE used_assertions (
  id TEXT PRIMARY KEY NOT NULL,
  expires_at BIGINT NOT NULL
);
CREATE INDEX used_assertions_by_expiry ON used_assertions (expires_at);
`,
} as const
