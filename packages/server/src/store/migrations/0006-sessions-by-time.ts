/** All sessions page by page, newest first. Neither column ever changes: a refresh touches no index. */
export const sessionsByTime = {
  name: '0006-sessions-by-time',
  sqlite: `
CREATE INDEX sessions_by_time ON sessions (created_at, sid);
`,
  postgres: `
CREATE INDEX sessions_by_time ON sessions (created_at, sid);
`,
} as const
