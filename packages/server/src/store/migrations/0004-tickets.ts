/** One-use tickets for connections that cannot carry a header: WebSocket, server-sent events (P20). */
export const tickets = {
  name: '0004-tickets',
  sqlite: `
CREATE TABLE tickets (
  id TEXT PRIMARY KEY NOT NULL,                 -- SHA-256 of the ticket
  claims TEXT NOT NULL,                         -- JSON object: of the access token that it was got with
  scope TEXT NOT NULL,
  audience TEXT NOT NULL,
  path TEXT NOT NULL,
  expires_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX tickets_by_expiry ON tickets (expires_at);
`,
  postgres: `
CREATE TABLE tickets (
  id TEXT PRIMARY KEY NOT NULL,
  claims TEXT NOT NULL,
  scope TEXT NOT NULL,
  audience TEXT NOT NULL,
  path TEXT NOT NULL,
  expires_at BIGINT NOT NULL
);
CREATE INDEX tickets_by_expiry ON tickets (expires_at);
`,
} as const
