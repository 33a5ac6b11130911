/** Which processes live and which secrets they hold: nothing is made with a secret that one of them lacks (P6). */
export const processes = {
  name: '0005-processes',
  sqlite: `
ALTER TABLE secrets ADD COLUMN turn INTEGER NOT NULL DEFAULT 0;   -- the highest of the live ones is in use; 0: nothing was ever made with it
UPDATE secrets SET turn = created_at;

CREATE TABLE processes (
  id TEXT PRIMARY KEY NOT NULL,                 -- random, of one start
  kids TEXT NOT NULL,                           -- JSON array: the secrets that it holds, the one it prefers first
  seen_at_ms INTEGER NOT NULL                   -- on the database's clock
) STRICT, WITHOUT ROWID;
`,
  postgres: `
ALTER TABLE secrets ADD COLUMN turn BIGINT NOT NULL DEFAULT 0;
UPDATE secrets SET turn = created_at;

CREATE TABLE processes (
  id TEXT PRIMARY KEY NOT NULL,
  kids TEXT NOT NULL,
  seen_at_ms BIGINT NOT NULL
);
`,
} as const
