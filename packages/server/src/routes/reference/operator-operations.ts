/** What whoever runs the server calls: the administration, and how the server is. */
import { newClientBody } from '../admin/clients.ts'
import { newUserBody, rolesBody } from '../admin/users.ts'
import type { Operations } from './operation.ts'
import { admin, anybody } from './operation.ts'

const query = ['after', 'limit'] as const

export const operatorOperations: Operations = {
  '/admin/users': {
    GET: admin('Accounts, page by page; with `search` those whose name has it in it.', {
      query: [...query, 'search'],
      answer: [200, 'Users'],
    }),
    POST: admin('Makes an account.', { json: newUserBody, answer: [201, 'User'], errors: [409] }),
  },
  '/admin/users/:id': {
    GET: admin('One account.', { answer: [200, 'User'], errors: [404] }),
    DELETE: admin('Deletes an account; its sessions end.', { answer: [204], errors: [404] }),
  },
  '/admin/users/:id/disable': {
    POST: admin('Disables an account; its sessions end.', { answer: [204], errors: [404] }),
  },
  '/admin/users/:id/enable': {
    POST: admin('Lets a disabled account sign in again.', { answer: [204], errors: [404] }),
  },
  '/admin/users/:id/roles': {
    POST: admin('Other roles; tokens with the old ones are refused.', {
      json: rolesBody,
      answer: [200, 'User'],
      errors: [404],
    }),
  },
  '/admin/users/:id/sessions': {
    GET: admin('Where an account is signed in.', { answer: [200, 'UserSessions'], errors: [404] }),
    DELETE: admin('Ends every session of an account.', { answer: [204], errors: [404] }),
  },
  '/admin/sessions': {
    GET: admin('Where everybody is signed in, newest first, page by page.', {
      query,
      answer: [200, 'AllSessions'],
    }),
  },
  '/admin/sessions/:id': { DELETE: admin('Ends any session.', { answer: [204], errors: [404] }) },
  '/admin/clients': {
    GET: admin('Clients, page by page.', { query, answer: [200, 'Clients'] }),
    POST: admin('Registers a client; its secret is told once.', {
      json: newClientBody,
      answer: [201, 'NewClient'],
      errors: [409],
    }),
  },
  '/admin/clients/:id': { DELETE: admin('Revokes a client.', { answer: [204], errors: [404] }) },
  '/admin/clients/:id/rotate-secret': {
    POST: admin('A new secret in the place of the old one, told once.', {
      answer: [200, 'NewClient'],
      errors: [404],
    }),
  },
  '/admin/keys': { GET: admin('The signing keys.', { answer: [200, 'Keys'] }) },
  '/admin/keys/rotate': {
    POST: admin('Hands over to the next key, if every verifier can know it.', {
      answer: [200, 'Rotation'],
      errors: [409],
    }),
  },
  '/admin/keys/:kid': { DELETE: admin('Calls a key back.', { answer: [204], errors: [404] }) },
  '/admin/audit': {
    GET: admin('What was done, newest first.', { query: [...query, 'user_id'], answer: [200, 'Audit'] }),
  },
  '/metrics': {
    GET: admin('Figures for Prometheus; without a token for requests from this machine.', {
      answer: [200, 'text/plain'],
    }),
  },
  '/healthz': { GET: anybody('Whether the process answers.', { answer: [200, 'Status'] }) },
  '/readyz': { GET: anybody('Whether it can do its work.', { answer: [200, 'Status'], errors: [503] }) },
  '/openapi.json': {
    GET: anybody('This reference, as OpenAPI 3.1.', { answer: [200, 'application/json'], errors: [304] }),
  },
  '/docs': { GET: anybody('This reference, as a page.', { answer: [200, 'text/html'] }) },
}
