/** Accounts of people, and where they are signed in. */
import { deleteBody } from '../delete-account.ts'
import { loginBody } from '../login.ts'
import { forgotBody, resetBody, verifyBody } from '../one-time.ts'
import { passwordBody } from '../password.ts'
import { signUpBody } from '../signup.ts'
import type { Operations } from './operation.ts'
import { anybody, person } from './operation.ts'
import { logoutBody } from './schemas.ts'

export const accountOperations: Operations = {
  '/signup': {
    POST: anybody('Makes an account and signs it in.', {
      json: signUpBody,
      answer: [201, 'Tokens'],
      errors: [403, 409, 422, 429],
    }),
  },
  '/login': {
    POST: anybody('User name and password for a session.', {
      json: loginBody,
      answer: [200, 'Tokens'],
      errors: [401, 403, 429],
    }),
  },
  '/logout': {
    POST: person('Ends the session of a bearer token, a refresh token or the session cookie.', {
      json: logoutBody,
      answer: [204],
    }),
  },
  '/me': {
    GET: person('Who the bearer is.', { answer: [200, 'Me'] }),
    DELETE: person('Deletes the account.', { json: deleteBody, answer: [204], errors: [404, 429] }),
  },
  '/password': {
    POST: person(
      'Changes the password; every other session ends, and this one is replaced where `renew` asks for it.',
      { json: passwordBody, answer: [204], otherwise: [200, 'Tokens'], errors: [404, 422, 429] },
    ),
  },
  '/password/forgot': {
    POST: anybody('Has a one-time token sent, if there is such an account.', {
      json: forgotBody,
      answer: [204],
      errors: [404, 429],
    }),
  },
  '/password/reset': {
    POST: anybody('Sets a new password with a one-time token; every session ends.', {
      json: resetBody,
      answer: [204],
      errors: [401, 404, 422, 429],
    }),
  },
  '/email/verify': {
    POST: anybody('Proves an e-mail address with a one-time token.', {
      json: verifyBody,
      answer: [204],
      errors: [401, 404, 429],
    }),
  },
  '/sessions': { GET: person("One's sessions.", { answer: [200, 'Sessions'] }) },
  '/sessions/revoke-others': { POST: person('Ends every other session.', { answer: [204] }) },
  '/sessions/:id': { DELETE: person('Ends a session.', { answer: [204], errors: [404] }) },
}
