/** Statements that fill a database with sessions of one user, made with two secrets in turn: 10,001 with each. */
export const manySessions = `
  insert into users (id, username, username_normalised, created_at) values ('u', 'u', 'u', 1);
  insert into sessions (sid, user_id, client_id, scope, transport, mac_nonce, mac_kid, mac_from_generation, generation,
    rotated_at_ms, credential_version, epoch, auth_time, created_at, last_used_at, idle_expires_at, absolute_expires_at,
    label, address_prefix)
  with recursive numbers (n) as (select 1 union all select n + 1 from numbers where n < 20002)
  select 's' || n, 'u', 'tessera', 'account', 'body', 'nonce', case when n % 2 = 0 then 'old' else 'new' end, 0, 0,
    0, 1, 'e', 1, 1, 1, 100000, 100000, 'a device', '203.0.113.0/24' from numbers`
