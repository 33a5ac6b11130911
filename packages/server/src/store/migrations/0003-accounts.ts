/** What a person may ask for beyond the account itself, and the one-time tokens that messages carry. */
export const accounts = {
  name: '0003-accounts',
  sqlite: `
ALTER TABLE users ADD COLUMN scope TEXT NOT NULL DEFAULT 'account';

CREATE TABLE one_time_tokens (
  id TEXT PRIMARY KEY NOT NULL,                 -- SHA-256 of the token
  kind TEXT NOT NULL CHECK (kind IN ('password_reset', 'email_verification')),
  user_id TEXT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
  credential_version INTEGER NOT NULL,          -- of the user, when it was made: no other one is reset
  email TEXT,                                   -- the address that is verified
  expires_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX one_time_tokens_of_user ON one_time_tokens (user_id);
CREATE INDEX one_time_tokens_by_expiry ON one_time_tokens (expires_at);
`,
  postgres: `
ALTER TABLE users ADD COLUMN scope TEXT NOT NULL DEFAULT 'account';

CREATE TABLE one_time_tokens (
  id TEXT PRIMARY KEY NOT NULL,
  kind TEXT NOT NULL CHECK (kind IN ('password_reset', 'email_verification')),
  user_id TEXT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
  credential_version BIGINT NOT NULL,
  email TEXT,
  expires_at BIGINT NOT NULL
);
CREATE INDEX one_time_tokens_of_user ON one_time_tokens (user_id);
CREATE INDEX one_time_tokens_by_expiry ON one_time_tokens (expires_at);
`,
} as const
